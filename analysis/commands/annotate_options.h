/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_OPTIONS_H
#define ANALYSIS_ANNOTATE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "stepped_options.h"

enum { ANNOTATE_FUNCTIONS_MAX = 64 };

struct annotate_options {
    struct stepped_options stepped;
    const char *functions[ANNOTATE_FUNCTIONS_MAX]; /* to be shown */
    size_t function_count;
    bool list, samples;
};

extern const char annotate_help[];

/* 0, or the exit code after one line on stderr. */
int annotate_options_parse(int argc, char **argv, struct annotate_options *options);

#endif
