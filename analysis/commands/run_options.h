/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_RUN_OPTIONS_H
#define ANALYSIS_RUN_OPTIONS_H

#include <stdbool.h>

enum { RUN_FREQUENCY_MIN = 1, RUN_FREQUENCY_MAX = 100000 };

struct run_options {
    const char *with;
    const char *json;   /* NULL: none */
    const char *output; /* NULL: stderr */
    unsigned frequency; /* 0: the highest that costs little */
    bool bpf;
    bool help;
    char **command; /* NULL-terminated */
};

extern const char run_help[];

/* 0, or the exit code after one line on stderr. */
int run_options_parse(int argc, char **argv, struct run_options *options);

#endif
