/* SPDX-License-Identifier: MIT */
/* The rounds of an ablation: every row of the report once in each. */
#ifndef ANALYSIS_ABLATE_MEASURE_H
#define ANALYSIS_ABLATE_MEASURE_H

#include "ablate_libraries.h"
#include "ablate_save.h"
#include "compare_process.h"
#include "compare_progress.h"

struct ablate_measure {
    const struct ablate_options *options;
    struct ablate_libraries libraries;
    struct ablate_save save;
    struct compare_process process; /* its `taken` tells of a signal that ended it all */
    struct compare_progress progress;
    double longest_s; /* of this session's rounds; 0: there was none */
};

/* Goes on behind the runs that the report's rows have, until the rounds, the budget or the
 * precision are reached, a run has failed, or a signal has come. `measure` has its libraries and
 * its save file; the rest is zeroed but for process.signals, -1. 0, or the exit code after one line
 * on stderr. */
int ablate_measure_run(struct ablate_measure *measure, struct ablate_report *report);

void ablate_measure_finish(struct ablate_measure *measure);

#endif
