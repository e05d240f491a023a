/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ATTACH_OPTIONS_H
#define ANALYSIS_ATTACH_OPTIONS_H

#include <sys/types.h>

#include "watch_options.h"

struct attach_options {
    struct watch_options watch;
    double seconds; /* 0: until the process ends */
    pid_t pid;
};

extern const char attach_help[];

/* 0, or the exit code after one line on stderr. */
int attach_options_parse(int argc, char **argv, struct attach_options *options);

#endif
