/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COUNT_OPTIONS_H
#define ANALYSIS_COUNT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct count_options {
    const char *with;
    const char *json;    /* NULL: none */
    const char *output;  /* NULL: stderr */
    const char *process; /* NULL: any */
    uint64_t calls, skip;
    bool help;
    char **command; /* NULL-terminated */
};

extern const char count_help[];

/* 0, or the exit code after one line on stderr. */
int count_options_parse(int argc, char **argv, struct count_options *options);

#endif
