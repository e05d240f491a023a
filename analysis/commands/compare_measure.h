/* SPDX-License-Identifier: MIT */
/*
 * Runs one command under a set of allocators, in rounds, and fills its report; as often as wanted,
 * for one command after another, under one progress bar:
 *
 *     compare_measure_find, compare_measure_start
 *         compare_measure_prepare, compare_measure_run     for each command
 *     compare_measure_finish
 *
 * and compare_measure_release for each report.
 */
#ifndef ANALYSIS_COMPARE_MEASURE_H
#define ANALYSIS_COMPARE_MEASURE_H

#include "compare_allocators.h"
#include "compare_options.h"
#include "compare_process.h"
#include "compare_progress.h"
#include "report/compare_model.h"
#include "statistics/rounds.h"

struct compare_measure {
    const struct compare_options *options;
    struct compare_allocators allocators;
    struct compare_report blank;    /* what every report begins as: the rows, and what is missing */
    struct compare_process process; /* its `taken` tells of a signal that ended it all */
    struct compare_progress progress;
    struct rounds_random random;
};

/* Finds the allocators. `measure` is zeroed but for process.signals, -1; `options` must outlive it.
 * Here and below: 0, or the exit code after one line on stderr. */
int compare_measure_find(struct compare_measure *measure, struct compare_options *options);

/* Takes the signals from here on, and starts the clock of the bar: `commands` will be run. */
int compare_measure_start(struct compare_measure *measure, size_t commands);

/* Makes a report of no runs for a command, which must outlive it. Its seed is that of the options;
 * until it is run it may be given another. */
int compare_measure_prepare(const struct compare_measure *measure, char *const *command,
                            struct compare_report *report);

/* For the runs of as many rounds as the report wants, of each of its rows. */
int compare_measure_make_room(struct compare_report *report);

/* Runs the rounds and fills in the figures. When a signal has come the report is `interrupted`, and
 * tells of what was done by then. */
int compare_measure_run(struct compare_measure *measure, struct compare_report *report);

/* What one round consists of. */
struct compare_rounds {
    size_t runs;
    int (*run)(void *context, size_t which, struct compare_run run);
    void *context;
    bool stops_at_failure; /* of any row */
};

/* Every run of every round, in a new random order each round, with an environment of a new size,
 * until one returns an error or a signal comes; how long that took and what others did meanwhile is
 * put into the report. The bar goes on by one for each run. */
int compare_measure_rounds(struct compare_measure *measure, struct compare_report *report,
                           const struct compare_rounds *rounds);

void compare_measure_release(struct compare_report *report);
void compare_measure_finish(struct compare_measure *measure);

#endif
