/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ADVISE_OPTIONS_H
#define ANALYSIS_ADVISE_OPTIONS_H

#include <stdbool.h>

#include "compare_options.h"

enum { ADVISE_SECONDS_DEFAULT = 60 };

struct advise_options {
    struct compare_options compare; /* of it: with, metric, better, seed, core, command */
    const char *json, *output;      /* NULL: none; standard error */
    double seconds;
    bool help;
};

extern const char advise_help[];

/* 0, or the exit code after one line on stderr. */
int advise_options_parse(int argc, char **argv, struct advise_options *options);
void advise_options_finish(struct advise_options *options);

#endif
