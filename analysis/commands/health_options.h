/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_HEALTH_OPTIONS_H
#define ANALYSIS_HEALTH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct health_options {
    const char *with;
    const char *json; /* NULL: none */
    unsigned rounds;
    uint64_t operations; /* of a run */
    double bound, memory_bound;
    bool help;
};

extern const char health_help[];

/* 0, or the exit code after one line on stderr. */
int health_options_parse(int argc, char **argv, struct health_options *options);

#endif
