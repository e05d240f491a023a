/* SPDX-License-Identifier: MIT */
/* hakmem-trace ablate: what each factor of libhakmem costs a command. */
#include <stdio.h>

#include "ablate_measure.h"
#include "ablate_options.h"
#include "ablate_summary.h"
#include "commands.h"
#include "compare_measure.h"
#include "compare_write.h"
#include "ledger_judge.h"
#include "report/ablate_json.h"
#include "report/ablate_text.h"
#include "report/html/ablate_html.h"

struct ablate {
    struct ablate_options options;
    struct ablate_measure measure;
    struct ablate_report report;
    struct compare_files files;
};

static void print_text(const void *report, bool details, FILE *stream)
{
    ablate_print_text(report, details, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return ablate_print_json(report, stream);
}

static int print_html(const void *report, FILE *stream)
{
    return ablate_print_html(report, stream);
}

static void describe(const struct ablate_options *options, struct ablate_report *report)
{
    const struct compare_options *shared = &options->shared;
    report->runs.command = shared->command;
    report->runs.metric = shared->metric;
    report->runs.higher_is_better = shared->higher_is_better;
    report->runs.seed = shared->seed;
    report->runs.core = shared->core;
    factorial_make(&report->factorial, options->design, options->factor_count);
    report->level = factorial_level(report->factorial.term_count);
    report->rounds_needed = factorial_rounds_needed(report->level);
    for (size_t i = 0; i < options->factor_count; i++) {
        const struct variant_factor *factor = &variant_factors[options->factors[i]];
        report->factors[i] =
            (struct ablate_factor){factor->name, factor->levels[VARIANT_MODERN],
                                   factor->levels[options->far.level[options->factors[i]]]};
    }
}

/* Room for whatever a save file may hold; the pages that nothing fills cost nothing. */
static int make_room(const struct ablate_options *options, struct ablate_report *report)
{
    report->failed = report->runs.row_count;
    report->runs.rounds = COMPARE_ROUNDS_MAX;
    int error = compare_measure_make_room(&report->runs);
    report->runs.rounds = options->shared.rounds;
    return error;
}

static int exit_code(const struct ablate *ablate, int code)
{
    if (!code && ablate->report.failed < ablate->report.runs.row_count)
        code = 1;
    return ablate->measure.process.taken ? 128 + ablate->measure.process.taken : code;
}

static int gather(struct ablate *ablate, enum ablate_end end, struct ledger_evidence *evidence)
{
    struct ablate_report *report = &ablate->report;
    struct ablate_measure *measure = &ablate->measure;
    int error = ledger_evidence_gather(
        &measure->process, report->runs.command, report->runs.rows[report->ends[end]].name,
        measure->libraries.list[report->ends[end]].preload, evidence);
    measure->progress.done++;
    compare_progress_show(&measure->progress);
    if (!error && evidence->missing[0])
        compare_note(&report->runs, "ledger, %s end: %.300s", end == ABLATE_FAR ? "far" : "modern",
                     evidence->missing);
    return error;
}

/* Only of an experiment that came to its end. */
static int make_ledger(struct ablate *ablate)
{
    struct ablate_report *report = &ablate->report;
    struct compare_process *process = &ablate->measure.process;
    struct ledger_evidence evidence[ABLATE_ENDS];
    int error = 0;
    if (!ablate->options.ledger || process->taken || report->failed < report->runs.row_count ||
        report->runs.rounds_done == 0)
        return 0;
    ablate->measure.progress.total += ABLATE_ENDS;
    for (size_t end = 0; end < ABLATE_ENDS && !error && !process->taken; end++)
        error = gather(ablate, end, &evidence[end]);
    compare_progress_clear(&ablate->measure.progress);
    if (!error && !process->taken)
        ledger_judge(report, &evidence[ABLATE_MODERN], &evidence[ABLATE_FAR]);
    return error;
}

static int run(struct ablate *ablate)
{
    static const struct compare_format format = {print_text, print_json, print_html};
    const struct compare_options *shared = &ablate->options.shared;
    struct ablate_report *report = &ablate->report;
    ablate->measure.options = &ablate->options;
    describe(&ablate->options, report);
    int error = ablate_libraries_find(&ablate->measure.libraries, &ablate->options, report);
    if (!error)
        error = make_room(&ablate->options, report);
    if (!error)
        error = compare_write_open(shared, &ablate->files);
    if (!error)
        error = ablate_save_open(&ablate->measure.save, ablate->options.save, report);
    if (!error)
        error = ablate_measure_run(&ablate->measure, report);
    if (error)
        return error;
    ablate_summary_fill(report);
    error = make_ledger(ablate);
    if (error)
        return error;
    return exit_code(ablate, compare_write(shared, &format, report, &ablate->files));
}

static int ablate_command(int argc, char **argv)
{
    static struct ablate ablate; /* too big for a stack that the user may have bounded */
    ablate.measure.process.signals = -1;
    int code = ablate_options_parse(argc, argv, &ablate.options);
    if (code == 0 && ablate.options.shared.help) {
        fputs(ablate_help, stdout);
        code = fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    } else if (code == 0) {
        code = run(&ablate);
    }
    compare_measure_release(&ablate.report.runs);
    compare_write_abandon(&ablate.files);
    ablate_measure_finish(&ablate.measure);
    compare_options_finish(&ablate.options.shared);
    return code;
}

const struct command command_ablate = {
    .name = "ablate",
    .summary = "say what each factor of libhakmem costs a command",
    .help = ablate_help,
    .run = ablate_command,
};
