/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TOP_OPTIONS_H
#define ANALYSIS_TOP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "watch_options.h"

struct top_options {
    pid_t pid; /* 0: to be chosen */
    double interval_s;
    uint64_t count; /* intervals; 0: until it is ended */
    bool plain;
    struct watch_options watch; /* its JSON: "-" standard output; `output` is not used */
};

extern const char top_help[];

/* 0, or the exit code after one line on stderr. */
int top_options_parse(int argc, char **argv, struct top_options *options);

#endif
