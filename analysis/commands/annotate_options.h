/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_OPTIONS_H
#define ANALYSIS_ANNOTATE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANNOTATE_FUNCTIONS_MAX = 64 };

struct annotate_options {
    const char *with;
    const char *json;    /* NULL: none */
    const char *output;  /* NULL: stderr */
    const char *process; /* NULL: any */
    uint64_t calls, skip;
    const char *functions[ANNOTATE_FUNCTIONS_MAX]; /* to be shown */
    size_t function_count;
    bool list, samples, help;
    char **command; /* NULL-terminated */
};

extern const char annotate_help[];

/* 0, or the exit code after one line on stderr. */
int annotate_options_parse(int argc, char **argv, struct annotate_options *options);

#endif
