/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_RUN_OPTIONS_H
#define ANALYSIS_RUN_OPTIONS_H

#include <stdint.h>

#include "stack_output.h"
#include "watch_options.h"

struct run_options {
    const char *with;
    const char *timeline;       /* NULL: none */
    uint64_t heap;              /* bytes between sampled blocks; 0: none are */
    struct stack_output stacks; /* of the heap */
    struct watch_options watch;
    char **command; /* NULL-terminated */
};

extern const char run_help[];

/* 0, or the exit code after one line on stderr. */
int run_options_parse(int argc, char **argv, struct run_options *options);

#endif
