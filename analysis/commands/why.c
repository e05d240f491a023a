/* SPDX-License-Identifier: MIT */
/* hakmem-trace why: two allocators on one program, and what makes up the difference. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "compare_write.h"
#include "report/html/why_html.h"
#include "report/why_json.h"
#include "report/why_text.h"
#include "why_evidence.h"
#include "why_measure.h"
#include "why_options.h"
#include "why_summary.h"

struct why {
    struct why_options options;
    struct why_measure measure;
    struct why_report report;
    struct compare_files files;
};

static void print_text(const void *report, bool details, FILE *stream)
{
    (void)details;
    why_print_text(report, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return why_print_json(report, stream);
}

static int print_html(const void *report, FILE *stream)
{
    return why_print_html(report, stream);
}

static int prepare(struct why *why)
{
    struct compare_measure *compare = &why->measure.compare;
    int error = compare_measure_find(compare, &why->options.compare);
    if (!error)
        error =
            compare_measure_prepare(compare, why->options.compare.command, &why->report.comparison);
    if (!error)
        error = why_measure_make_room(&why->report);
    if (!error)
        error = compare_write_open(&why->options.compare, &why->files);
    if (!error)
        error = own_report_file(why->measure.file);
    if (!error)
        error = compare_measure_start(compare, 1);
    /* Each row in two ways, the first run of all, and what is asked once. */
    compare->progress.total =
        2 * compare->progress.total + 1 + WHY_CALIBRATIONS + WHY_COUNTS + WHY_RECORDINGS;
    return error;
}

/* Nothing more is to be run: a signal has come, or the command fails. */
static bool is_over(const struct why *why)
{
    return why->measure.compare.process.taken || compare_has_failure(&why->report.comparison);
}

static bool counts_itself(const struct why *why)
{
    const struct compare_allocators *allocators = &why->measure.compare.allocators;
    return compare_allocator_of(allocators, WHY_ROW_A)->found.is_hakmem ||
           compare_allocator_of(allocators, WHY_ROW_B)->found.is_hakmem;
}

static int measure(struct why *why)
{
    struct why_measure *measure = &why->measure;
    struct why_report *report = &why->report;
    int error = why_measure_warm_up(measure, report);
    if (!error && !is_over(why) && !counts_itself(why))
        error = why_evidence_calibrate(measure, report);
    if (!error && !is_over(why))
        error = why_evidence_count(measure, report);
    if (!error && !is_over(why))
        error = why_measure_run(measure, report);
    if (!error && !is_over(why))
        error = why_evidence_record(measure, report);
    compare_progress_clear(&measure->compare.progress);
    report->comparison.interrupted = measure->compare.process.taken != 0;
    if (!error && !why_summary_fill(report)) {
        complain("%s", strerror(ENOMEM));
        error = EXIT_TOOL_FAILED;
    }
    return error;
}

static int run(struct why *why)
{
    static const struct compare_format format = {print_text, print_json, print_html};
    int code = prepare(why);
    if (!code)
        code = measure(why);
    if (code)
        return code;
    code = compare_write(&why->options.compare, &format, &why->report, &why->files);
    if (!code && compare_has_failure(&why->report.comparison))
        code = 1;
    return why->measure.compare.process.taken ? 128 + why->measure.compare.process.taken : code;
}

static void clean_up(struct why *why)
{
    if (why->measure.file[0])
        unlink(why->measure.file);
    compare_write_abandon(&why->files);
    why_measure_release(&why->report);
    compare_measure_finish(&why->measure.compare);
    why_options_finish(&why->options);
}

static int why_command(int argc, char **argv)
{
    static struct why why; /* too big for a stack that the user may have bounded */
    why.measure.options = &why.options;
    why.measure.compare.process.signals = -1;
    int code = why_options_parse(argc, argv, &why.options);
    if (code == 0 && why.options.help) {
        fputs(why_help, stdout);
        code = fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    } else if (code == 0) {
        code = run(&why);
    }
    clean_up(&why);
    return code;
}

const struct command command_why = {
    .name = "why",
    .summary = "say what makes one allocator faster than another on a command",
    .help = why_help,
    .run = why_command,
};
