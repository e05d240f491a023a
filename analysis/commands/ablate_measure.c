/* SPDX-License-Identifier: MIT */
#include "ablate_measure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/clock.h"
#include "ablate_summary.h"
#include "commands.h"
#include "compare_disturbance.h"
#include "compare_measure.h"
#include "compare_outcome.h"

static void tick(void *context)
{
    struct ablate_measure *measure = context;
    compare_progress_show(&measure->progress);
}

static size_t runs_in(const struct ablate_report *report)
{
    size_t runs = 0;
    for (size_t i = 0; i < report->runs.row_count; i++)
        runs += report->runs.rows[i].run_count;
    return runs;
}

static unsigned complete_rounds(const struct ablate_report *report)
{
    size_t rounds = report->runs.rows[0].run_count;
    for (size_t i = 1; i < report->runs.row_count; i++) {
        size_t own = report->runs.rows[i].run_count;
        rounds = own < rounds ? own : rounds;
    }
    return (unsigned)rounds;
}

static void note_kept(const struct ablate_measure *measure, struct ablate_report *report)
{
    size_t runs = runs_in(report);
    size_t more = runs - (size_t)report->rounds_kept * report->runs.row_count;
    char next[64] = "";
    if (more)
        snprintf(next, sizeof next, " and %zu runs of the next", more);
    if (runs)
        compare_note(&report->runs, "goes on: %u rounds%s are from %.150s", report->rounds_kept,
                     next, measure->save.path);
}

static bool has_failed(const struct ablate_report *report)
{
    return report->failed < report->runs.row_count;
}

static int run_once(struct ablate_measure *measure, struct ablate_report *report, size_t index,
                    struct compare_run run)
{
    struct compare_row *row = &report->runs.rows[index];
    size_t before = row->run_count;
    int error =
        compare_outcome_of_run(&measure->options->shared, &measure->process, report->runs.command,
                               measure->libraries.list[index].preload, run, row);
    if (row->failure[0])
        report->failed = index;
    if (error || row->run_count == before)
        return error;
    measure->progress.done++;
    compare_progress_show(&measure->progress);
    return ablate_save_run(&measure->save, report, index);
}

/* Order and sizes follow from the seed and the round's number alone, so that a round which was cut
 * short goes on as it began. */
static int run_round(struct ablate_measure *measure, struct ablate_report *report, unsigned round)
{
    size_t order[COMPARE_ROWS_MAX], count = report->runs.row_count;
    struct rounds_random seeds = {report->runs.seed + round};
    struct rounds_random random = {rounds_next(&seeds)};
    double start = clock_seconds();
    int error = 0;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    rounds_shuffle(&random, order, count);
    for (size_t i = 0; i < count && !error; i++) {
        struct compare_run run = {.round = round, .position = (unsigned)i + 1};
        run.padding = (unsigned)rounds_below(&random, COMPARE_PADDING_BYTES);
        if (report->runs.rows[order[i]].run_count < round)
            error = run_once(measure, report, order[i], run);
        if (measure->process.taken || has_failed(report))
            return error;
    }
    double took_s = clock_seconds() - start;
    measure->longest_s = took_s > measure->longest_s ? took_s : measure->longest_s;
    return error;
}

static double left_s(const struct ablate_measure *measure)
{
    return measure->options->budget - (clock_seconds() - measure->progress.start);
}

static bool is_enough(const struct ablate_measure *measure, struct ablate_report *report)
{
    const struct ablate_options *options = measure->options;
    if (options->precision > 0 && ablate_summary_is_precise(report, options->precision)) {
        compare_note(&report->runs, "ended after %u rounds: every factor is known to %g %%",
                     report->runs.rounds_done, options->precision);
        return true;
    }
    if (options->budget > 0 && measure->longest_s > 0 && left_s(measure) < measure->longest_s) {
        compare_note(&report->runs, "ended after %u rounds: no other one fits into %g s",
                     report->runs.rounds_done, options->budget);
        return true;
    }
    return false;
}

/* What the bar's end stands for: all rounds, or those that the budget will allow. */
static void expect_runs(struct ablate_measure *measure, const struct ablate_report *report,
                        size_t rounds)
{
    size_t fit = rounds;
    if (measure->options->budget > 0 && measure->longest_s > 0)
        fit = (size_t)(left_s(measure) / measure->longest_s);
    measure->progress.total =
        measure->progress.done + (fit < rounds ? fit : rounds) * report->runs.row_count;
}

static int run_rounds(struct ablate_measure *measure, struct ablate_report *report)
{
    unsigned first = report->rounds_kept + 1;
    for (unsigned round = first; round <= report->runs.rounds; round++) {
        if (is_enough(measure, report))
            return 0;
        expect_runs(measure, report, report->runs.rounds - round + 1);
        int error = run_round(measure, report, round);
        if (error || measure->process.taken || has_failed(report))
            return error;
        report->runs.rounds_done = round;
    }
    return 0;
}

static int start(struct ablate_measure *measure)
{
    if (compare_process_start(&measure->process, measure->options->shared.core) != 0) {
        complain("%s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    measure->process.tick = tick;
    measure->process.context = measure;
    compare_progress_start(&measure->progress, 1);
    return 0;
}

int ablate_measure_run(struct ablate_measure *measure, struct ablate_report *report)
{
    struct disturbance disturbance;
    struct disturbance_found found;
    int error = start(measure);
    if (error)
        return error;
    report->rounds_kept = report->runs.rounds_done = complete_rounds(report);
    note_kept(measure, report);
    disturbance_start(&disturbance);
    error = run_rounds(measure, report);
    report->runs.elapsed_s = clock_seconds() - measure->progress.start;
    compare_progress_clear(&measure->progress);
    disturbance_finish(&disturbance, &found);
    disturbance_note(&found, &report->runs);
    report->runs.interrupted = measure->process.taken != 0;
    return error;
}

void ablate_measure_finish(struct ablate_measure *measure)
{
    compare_progress_clear(&measure->progress);
    compare_process_finish(&measure->process);
    ablate_save_close(&measure->save);
    ablate_libraries_finish(&measure->libraries);
}
