/* SPDX-License-Identifier: MIT */
/* hakmem-trace compare --sweep: one command, in which one number takes one value after another. */
#include "compare_sweep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"
#include "compare_measure.h"
#include "compare_write.h"
#include "report/compare_sweep_json.h"
#include "report/compare_sweep_text.h"
#include "report/html/compare_html.h"

enum { LABEL_BYTES = SWEEP_NAME_BYTES + 24 };

_Static_assert((int)SWEEP_VALUES_MAX <= (int)SWEEP_POINTS_MAX, "a point for each value");

struct sweep {
    struct compare_options *options;
    struct compare_measure measure;
    struct sweep_report report;
    struct compare_files files;
    char label[LABEL_BYTES];
};

static void print_text(const void *report, bool details, FILE *stream)
{
    sweep_print_text(report, details, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return sweep_print_json(report, stream);
}

static int print_html(const void *report, FILE *stream)
{
    return sweep_print_html(report, stream);
}

/* The commands of all values, before the first of them runs. */
static int fill_commands(struct sweep *sweep)
{
    const struct sweep_values *values = &sweep->options->sweep_values;
    struct sweep_report *report = &sweep->report;
    report->name = values->name;
    report->command = sweep->options->command;
    report->blank = &sweep->measure.blank;
    for (size_t i = 0; i < values->count; i++) {
        struct sweep_point *point = &report->points[report->point_count++];
        point->value = values->list[i];
        point->command = sweep_command(values, sweep->options->command, point->value);
        if (!point->command) {
            complain("compare: %s", strerror(errno));
            return EXIT_TOOL_FAILED;
        }
    }
    return 0;
}

/* Another seed for each: the same order and the same sizes of the environment at every value could
 * favour one allocator at every value. */
static int run_point(struct sweep *sweep, size_t i)
{
    struct sweep_point *point = &sweep->report.points[i];
    point->report = calloc(1, sizeof *point->report);
    if (!point->report) {
        complain("compare: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    int error = compare_measure_prepare(&sweep->measure, point->command, point->report);
    point->report->seed += i;
    snprintf(sweep->label, sizeof sweep->label, "%s %ju", sweep->report.name,
             (uintmax_t)point->value);
    sweep->measure.progress.label = sweep->label;
    return error ? error : compare_measure_run(&sweep->measure, point->report);
}

static int run_points(struct sweep *sweep)
{
    int error = compare_measure_start(&sweep->measure, sweep->report.point_count);
    for (size_t i = 0; i < sweep->report.point_count && !error && !sweep->measure.process.taken;
         i++)
        error = run_point(sweep, i);
    sweep->report.elapsed_s = clock_seconds() - sweep->measure.progress.start;
    sweep->report.interrupted = sweep->measure.process.taken != 0;
    return error;
}

static int exit_code(const struct sweep *sweep, int code)
{
    for (size_t i = 0; i < sweep->report.point_count && !code; i++) {
        const struct compare_report *report = sweep->report.points[i].report;
        code = report && compare_has_failure(report) ? 1 : 0;
    }
    return sweep->measure.process.taken ? 128 + sweep->measure.process.taken : code;
}

static int run(struct sweep *sweep)
{
    static const struct compare_format format = {print_text, print_json, print_html};
    int error = compare_measure_find(&sweep->measure, sweep->options);
    if (!error)
        error = fill_commands(sweep);
    if (!error)
        error = compare_write_open(sweep->options, &sweep->files);
    if (!error)
        error = run_points(sweep);
    if (error)
        return error;
    return exit_code(sweep, compare_write(sweep->options, &format, &sweep->report, &sweep->files));
}

int compare_sweep(struct compare_options *options)
{
    static struct sweep sweep; /* too big for a stack that the user may have bounded */
    sweep.options = options;
    sweep.measure.process.signals = -1;
    int code = run(&sweep);
    for (size_t i = 0; i < sweep.report.point_count; i++) {
        struct sweep_point *point = &sweep.report.points[i];
        if (point->report)
            compare_measure_release(point->report);
        free(point->report);
        sweep_command_free(point->command);
    }
    compare_write_abandon(&sweep.files);
    compare_measure_finish(&sweep.measure);
    return code;
}
