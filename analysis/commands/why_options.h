/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_WHY_OPTIONS_H
#define ANALYSIS_WHY_OPTIONS_H

#include "compare_options.h"

struct why_options {
    struct compare_options compare; /* rounds, metric, seed, core, files, the command */
    char *names[3];                 /* A and B as `--with` takes them; NULL ends */
    const char *frequency;          /* Hz, as text for `run`; NULL: as that chooses */
    const char *process;            /* the program that is stepped and recorded; NULL: any */
    const char *calls, *skip;       /* as text for `count`; NULL: as that has them */
    bool help;
};

extern const char why_help[];

/* 0, or the exit code after one line on stderr. */
int why_options_parse(int argc, char **argv, struct why_options *options);
void why_options_finish(struct why_options *options);

#endif
