/* SPDX-License-Identifier: MIT */
#include "why_measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/clock.h"
#include "collect/hardware_counters.h"
#include "commands.h"
#include "compare_disturbance.h"
#include "compare_outcome.h"
#include "why_watch.h"

_Static_assert((int)WHY_HARDWARE == (int)HARDWARE_COUNTERS, "the report has every counter");

/* In a round each row runs in both ways. */
enum { WAYS = 2, RUNS = WHY_ROWS * WAYS };

int why_measure_make_room(struct why_report *report)
{
    size_t rounds = report->comparison.rounds;
    for (int row = 0; row < WHY_ROWS; row++) {
        report->watched[row] = calloc(rounds, sizeof *report->watched[row]);
        report->hardware[row] = calloc(rounds * WHY_HARDWARE, sizeof *report->hardware[row]);
        if (!report->watched[row] || !report->hardware[row]) {
            complain("%s", strerror(errno));
            return EXIT_TOOL_FAILED;
        }
        for (size_t i = 0; i < rounds * WHY_HARDWARE; i++)
            report->hardware[row][i] = NAN;
    }
    return 0;
}

void why_measure_release(struct why_report *report)
{
    for (int row = 0; row < WHY_ROWS; row++) {
        free(report->watched[row]);
        free(report->hardware[row]);
        report->watched[row] = NULL;
        report->hardware[row] = NULL;
    }
    compare_measure_release(&report->comparison);
}

int why_measure_warm_up(struct why_measure *measure, struct why_report *report)
{
    struct compare_run done;
    struct compare_row *row = &report->comparison.rows[WHY_ROW_A];
    struct compare_row alone = {.library = row->library, .runs = &done};
    int error = compare_outcome_of_run(
        &measure->options->compare, &measure->compare.process, report->comparison.command,
        compare_allocator_of(&measure->compare.allocators, WHY_ROW_A)->preload,
        (struct compare_run){.round = 1}, &alone);
    memcpy(row->failure, alone.failure, sizeof row->failure);
    row->last_output = alone.last_output;
    measure->compare.progress.done++;
    return error;
}

static int run_alone(struct why_measure *measure, struct why_report *report, size_t index,
                     struct compare_run run)
{
    struct hardware_counters counters;
    struct compare_row *row = &report->comparison.rows[index];
    bool counts = hardware_counters_open(&counters);
    size_t before = row->run_count;
    int error = compare_outcome_of_run(
        &measure->options->compare, &measure->compare.process, report->comparison.command,
        compare_allocator_of(&measure->compare.allocators, index)->preload, run, row);
    double *to = report->hardware[index] + (run.round - 1) * WHY_HARDWARE;
    for (int k = 0; counts && row->run_count > before && k < WHY_HARDWARE; k++)
        to[k] = hardware_counters_read(&counters, (enum hardware_counter)k);
    if (counts)
        hardware_counters_close(&counters);
    report->has_hardware |= counts;
    return error;
}

/* `which` says the row, and whether it is watched. */
static int run_once(struct why_measure *measure, struct why_report *report, size_t which,
                    unsigned round, unsigned position)
{
    size_t index = which % WHY_ROWS;
    struct compare_row *row = &report->comparison.rows[index];
    char *name = measure->options->names[index == WHY_ROW_B];
    unsigned padding = (unsigned)rounds_below(&measure->compare.random, COMPARE_PADDING_BYTES);
    struct compare_run run = {.round = round, .position = position, .padding = padding};
    if (which < WHY_ROWS)
        return run_alone(measure, report, index, run);
    return why_watch(measure, report->comparison.command, name, run, row,
                     &report->watched[index][round - 1]);
}

static int run_rounds(struct why_measure *measure, struct why_report *report)
{
    struct compare_report *comparison = &report->comparison;
    size_t order[RUNS];
    measure->compare.random.state = comparison->seed;
    for (size_t i = 0; i < RUNS; i++)
        order[i] = i;
    for (unsigned round = 1; round <= comparison->rounds; round++) {
        rounds_shuffle(&measure->compare.random, order, RUNS);
        for (size_t i = 0; i < RUNS; i++) {
            int error = run_once(measure, report, order[i], round, (unsigned)i + 1);
            if (error || measure->compare.process.taken || compare_has_failure(comparison))
                return error;
            measure->compare.progress.done++;
            compare_progress_show(&measure->compare.progress);
        }
        comparison->rounds_done = round;
    }
    return 0;
}

int why_measure_run(struct why_measure *measure, struct why_report *report)
{
    struct disturbance disturbance;
    struct disturbance_found found;
    disturbance_start(&disturbance);
    double start = clock_seconds();
    int error = run_rounds(measure, report);
    report->comparison.elapsed_s = clock_seconds() - start;
    disturbance_finish(&disturbance, &found);
    disturbance_note(&found, &report->comparison);
    return error;
}
