/* SPDX-License-Identifier: MIT */
/* What the command lines of `count` and `annotate` share. */
#ifndef ANALYSIS_STEPPED_OPTIONS_H
#define ANALYSIS_STEPPED_OPTIONS_H

#include <stdint.h>

enum { STEPPED_CALLS_DEFAULT = 5000, STEPPED_CALLS_MAX = 10000000, STEPPED_SKIP_DEFAULT = 10000 };
#define STEPPED_SKIP_MAX 1000000000000

struct stepped_options {
    char *const *command;
    const char *with, *json, *output, *process; /* NULL: not told */
};

/* 0, or the exit code after one line on stderr: what both commands refuse. */
int stepped_options_check(const char *verb, const struct stepped_options *options);

/* The values of --calls and --skip; `option` is "count: --calls". */
int stepped_option_calls(const char *option, const char *text, uint64_t *calls);
int stepped_option_skip(const char *option, const char *text, uint64_t *skip);

#endif
