/* SPDX-License-Identifier: MIT */
#include "why_measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/hardware_counters.h"
#include "commands.h"
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

struct asked {
    struct why_measure *measure;
    struct why_report *report;
};

/* `which` says the row, and whether it is watched. */
static int run_once(void *context, size_t which, struct compare_run run)
{
    const struct asked *asked = context;
    struct why_report *report = asked->report;
    size_t index = which % WHY_ROWS;
    if (which < WHY_ROWS)
        return run_alone(asked->measure, report, index, run);
    return why_watch(asked->measure, report->comparison.command,
                     asked->measure->options->names[index == WHY_ROW_B], run,
                     &report->comparison.rows[index], &report->watched[index][run.round - 1]);
}

int why_measure_run(struct why_measure *measure, struct why_report *report)
{
    struct asked asked = {measure, report};
    const struct compare_rounds rounds = {
        .runs = RUNS, .run = run_once, .context = &asked, .stops_at_failure = true};
    return compare_measure_rounds(&measure->compare, &report->comparison, &rounds);
}
