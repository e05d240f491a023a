/* SPDX-License-Identifier: MIT */
/*
 * Compares the command on its own malloc with the same on others, in two parts: rounds of all, by
 * which the best is chosen, and rounds of that one and the program alone, by which it is judged.
 * The best of several is the one that luck has helped: its figure from the rounds that chose it is
 * too good (see analysis/README.md).
 */
#ifndef ANALYSIS_ADVISE_MEASURE_H
#define ANALYSIS_ADVISE_MEASURE_H

#include "advise_options.h"
#include "compare_measure.h"
#include "report/advise_model.h"

struct advise_measure {
    struct compare_measure compare;
    char *with; /* the program's own, and those to try */
};

/* Before anything runs. `measure` is zeroed but for compare.process.signals, -1. Here and below: 0,
 * or the exit code after one line on stderr. */
int advise_measure_find(struct advise_measure *measure, struct advise_options *options,
                        struct advise_report *report);

/* `left_s`: seconds that both may take together. */
int advise_measure_run(struct advise_measure *measure, struct advise_report *report, double left_s);

void advise_measure_finish(struct advise_measure *measure);

#endif
