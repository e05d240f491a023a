/* SPDX-License-Identifier: MIT */
/* The command line of `callers`. */
#ifndef ANALYSIS_CALLERS_OPTIONS_H
#define ANALYSIS_CALLERS_OPTIONS_H

#include <stdint.h>

#include "stack_output.h"
#include "stepped_options.h"

enum {
    CALLERS_TOP_DEFAULT = 10,
    CALLERS_TOP_MAX = 1000,
    CALLERS_BYTES_DEFAULT = 65536,
    CALLERS_BYTES_MAX = 1 << 30
};

struct callers_options {
    struct stepped_options common; /* with, json, output, help and command of them */
    unsigned frequency; /* samples a second of processor time; 0: what the budget allows */
    double budget;      /* percent of the processor time that these may cost */
    uint64_t mean;      /* bytes between sampled calls, see src/follow_layout.h */
    uint64_t top;       /* paths shown in each list */
    struct stack_output stacks;
};

extern const char callers_help[];

/* 0, or the exit code after one line on stderr. */
int callers_options_parse(int argc, char **argv, struct callers_options *options);

#endif
