/* SPDX-License-Identifier: MIT */
#include "compare_measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"
#include "compare_disturbance.h"
#include "compare_outcome.h"
#include "compare_summary.h"

static void tick(void *context)
{
    struct compare_measure *measure = context;
    compare_progress_show(&measure->progress);
}

int compare_measure_find(struct compare_measure *measure, struct compare_options *options)
{
    struct compare_report *blank = &measure->blank;
    measure->options = options;
    blank->metric = options->metric;
    blank->higher_is_better = options->higher_is_better;
    blank->rounds = options->rounds;
    blank->seed = options->seed;
    blank->core = options->core;
    return options->names ? compare_allocators_take(&measure->allocators, options->names, blank)
                          : compare_allocators_find(&measure->allocators, options->with,
                                                    options->floor, blank);
}

int compare_measure_start(struct compare_measure *measure, size_t commands)
{
    if (compare_process_start(&measure->process, measure->options->core) != 0) {
        complain("%s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    measure->process.tick = tick;
    measure->process.context = measure;
    compare_progress_start(&measure->progress,
                           commands * measure->blank.rounds * measure->blank.row_count);
    return 0;
}

int compare_measure_prepare(const struct compare_measure *measure, char *const *command,
                            struct compare_report *report)
{
    *report = measure->blank;
    report->command = command;
    return compare_measure_make_room(report);
}

int compare_measure_make_room(struct compare_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        report->rows[i].runs = calloc(report->rounds, sizeof *report->rows[i].runs);
        if (!report->rows[i].runs) {
            complain("%s", strerror(errno));
            return EXIT_TOOL_FAILED;
        }
    }
    return 0;
}

static int run_rounds(struct compare_measure *measure, struct compare_report *report,
                      const struct compare_rounds *rounds)
{
    size_t order[COMPARE_ROWS_MAX];
    measure->random.state = report->seed;
    for (size_t i = 0; i < rounds->runs; i++)
        order[i] = i;
    for (unsigned round = 1; round <= report->rounds; round++) {
        rounds_shuffle(&measure->random, order, rounds->runs);
        for (size_t i = 0; i < rounds->runs; i++) {
            struct compare_run run = {.round = round, .position = (unsigned)i + 1};
            run.padding = (unsigned)rounds_below(&measure->random, COMPARE_PADDING_BYTES);
            int error = rounds->run(rounds->context, order[i], run);
            if (error || measure->process.taken ||
                (rounds->stops_at_failure && compare_has_failure(report)))
                return error;
            measure->progress.done++;
            compare_progress_show(&measure->progress);
        }
        report->rounds_done = round;
    }
    return 0;
}

int compare_measure_rounds(struct compare_measure *measure, struct compare_report *report,
                           const struct compare_rounds *rounds)
{
    struct disturbance disturbance;
    struct disturbance_found found;
    disturbance_start(&disturbance);
    double start = clock_seconds();
    int error = run_rounds(measure, report, rounds);
    report->elapsed_s = clock_seconds() - start;
    disturbance_finish(&disturbance, &found);
    disturbance_note(&found, report);
    return error;
}

struct compared {
    struct compare_measure *measure;
    struct compare_report *report;
};

static int run_once(void *context, size_t index, struct compare_run run)
{
    const struct compared *compared = context;
    struct compare_measure *measure = compared->measure;
    struct compare_row *row = &compared->report->rows[index];
    if (row->failure[0])
        return 0;
    return compare_outcome_of_run(measure->options, &measure->process, compared->report->command,
                                  compare_allocator_of(&measure->allocators, index)->preload, run,
                                  row);
}

int compare_measure_run(struct compare_measure *measure, struct compare_report *report)
{
    struct compared compared = {measure, report};
    const struct compare_rounds rounds = {
        .runs = report->row_count, .run = run_once, .context = &compared};
    int error = compare_measure_rounds(measure, report, &rounds);
    if (error || measure->process.taken || measure->progress.done == measure->progress.total)
        compare_progress_clear(&measure->progress);
    report->interrupted = measure->process.taken != 0;
    if (!error)
        compare_summary_fill(report);
    return error;
}

void compare_measure_release(struct compare_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        free(report->rows[i].runs);
        free(report->rows[i].last_output);
    }
    report->row_count = 0;
}

void compare_measure_finish(struct compare_measure *measure)
{
    compare_progress_clear(&measure->progress);
    compare_process_finish(&measure->process);
    compare_allocators_finish(&measure->allocators);
}
