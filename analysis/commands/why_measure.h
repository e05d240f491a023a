/* SPDX-License-Identifier: MIT */
/* The rounds of `why`: A, A again and B, each with nobody watching and sampled. */
#ifndef ANALYSIS_WHY_MEASURE_H
#define ANALYSIS_WHY_MEASURE_H

#include "compare_measure.h"
#include "own_report.h"
#include "report/why_model.h"
#include "why_options.h"

struct why_measure {
    const struct why_options *options;
    struct compare_measure compare; /* its process, its allocators, its bar */
    char file[OWN_REPORT_PATH];     /* for the reports of this program's own runs; empty: none */
};

/* Room for every run. Here and below: 0, or the exit code after one line on stderr. */
int why_measure_make_room(struct why_report *report);
void why_measure_release(struct why_report *report);

/* Runs the command once on A, for what a first run alone has to do, and to see that it runs. What
 * goes wrong is A's failure. */
int why_measure_warm_up(struct why_measure *measure, struct why_report *report);

/* All rounds, until one fails or a signal comes. */
int why_measure_run(struct why_measure *measure, struct why_report *report);

#endif
