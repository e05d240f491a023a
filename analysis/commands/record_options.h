/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_RECORD_OPTIONS_H
#define ANALYSIS_RECORD_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { RECORD_LIMIT_DEFAULT = 20000000 };

struct record_options {
    const char *with;
    const char *json;    /* NULL: none */
    const char *process; /* NULL: the busiest */
    char output[PATH_MAX];
    uint64_t limit;
    bool help;
    char **command; /* NULL-terminated */
};

extern const char record_help[];

/* 0, or the exit code after one line on stderr. */
int record_options_parse(int argc, char **argv, struct record_options *options);

#endif
