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

static int run_once(struct compare_measure *measure, struct compare_report *report, size_t index,
                    unsigned round, unsigned position)
{
    struct compare_row *row = &report->rows[index];
    unsigned padding = (unsigned)rounds_below(&measure->random, COMPARE_PADDING_BYTES);
    if (row->failure[0])
        return 0;
    struct compare_run run = {.round = round, .position = position, .padding = padding};
    return compare_outcome_of_run(measure->options, &measure->process, report->command,
                                  compare_allocator_of(&measure->allocators, index)->preload, run,
                                  row);
}

static int run_rounds(struct compare_measure *measure, struct compare_report *report)
{
    size_t order[COMPARE_ROWS_MAX];
    int error = 0;
    measure->random.state = report->seed;
    for (size_t i = 0; i < report->row_count; i++)
        order[i] = i;
    for (unsigned round = 1; round <= report->rounds; round++) {
        rounds_shuffle(&measure->random, order, report->row_count);
        for (size_t i = 0; i < report->row_count; i++) {
            error = run_once(measure, report, order[i], round, (unsigned)i + 1);
            if (error || measure->process.taken)
                return error;
            measure->progress.done++;
            compare_progress_show(&measure->progress);
        }
        report->rounds_done = round;
    }
    return 0;
}

int compare_measure_run(struct compare_measure *measure, struct compare_report *report)
{
    struct disturbance disturbance;
    struct disturbance_found found;
    disturbance_start(&disturbance);
    double start = clock_seconds();
    int error = run_rounds(measure, report);
    report->elapsed_s = clock_seconds() - start;
    if (error || measure->process.taken || measure->progress.done == measure->progress.total)
        compare_progress_clear(&measure->progress);
    disturbance_finish(&disturbance, &found);
    disturbance_note(&found, report);
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
