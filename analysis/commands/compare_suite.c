/* SPDX-License-Identifier: MIT */
/* hakmem-trace compare --suite: every workload of a list under several allocators. */
#include "compare_suite.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"
#include "compare_bench.h"
#include "compare_measure.h"
#include "compare_suite_file.h"
#include "compare_suite_means.h"
#include "compare_summary.h"
#include "compare_write.h"
#include "report/compare_suite_json.h"
#include "report/compare_suite_text.h"
#include "report/html/compare_html.h"

struct suite {
    struct compare_options *options;
    struct compare_measure measure;
    struct suite_file file;
    struct suite_report report;
    char path[PATH_MAX];
    struct compare_files files;
};

static void print_text(const void *report, bool details, FILE *stream)
{
    suite_print_text(report, details, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return suite_print_json(report, stream);
}

static int print_html(const void *report, FILE *stream)
{
    return suite_print_html(report, stream);
}

static int read_file(struct suite *suite)
{
    const struct compare_options *options = suite->options;
    int error = 0;
    if (options->suite_file)
        snprintf(suite->path, sizeof suite->path, "%s", options->suite_file);
    else
        error = compare_bench_file("suite.txt", suite->path);
    if (!error)
        error = suite_file_read(&suite->file, suite->path,
                                options->only ? &options->only_pattern : NULL);
    return error;
}

static size_t count_runnable(const struct suite_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->count; i++)
        count += !file->workloads[i].skipped[0];
    return count;
}

/* Another seed for each: the same order and the same sizes of the environment in all of them could
 * favour one allocator in all of them. */
static int run_workload(struct suite *suite, size_t i)
{
    struct suite_workload *workload = &suite->file.workloads[i];
    workload->report = calloc(1, sizeof *workload->report);
    if (!workload->report) {
        complain("compare: %s", strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    int error = compare_measure_prepare(&suite->measure, workload->command, workload->report);
    workload->report->seed += i;
    suite->measure.progress.label = workload->name;
    return error ? error : compare_measure_run(&suite->measure, workload->report);
}

static int run_workloads(struct suite *suite)
{
    int error = compare_measure_start(&suite->measure, count_runnable(&suite->file));
    for (size_t i = 0; i < suite->file.count && !error && !suite->measure.process.taken; i++) {
        if (!suite->file.workloads[i].skipped[0])
            error = run_workload(suite, i);
    }
    suite->report.elapsed_s = clock_seconds() - suite->measure.progress.start;
    return error;
}

static void fill_report(struct suite *suite)
{
    suite->report.file = suite->path;
    suite->report.blank = &suite->measure.blank;
    suite->report.workloads = suite->file.workloads;
    suite->report.workload_count = suite->file.count;
    suite->report.interrupted = suite->measure.process.taken != 0;
    suite_means_fill(&suite->report);
    compare_summary_note_rounds(&suite->measure.blank, suite->measure.blank.rounds);
}

static int exit_code(const struct suite *suite, int code)
{
    for (size_t i = 0; i < suite->file.count && !code; i++) {
        const struct compare_report *report = suite->file.workloads[i].report;
        code = report && compare_has_failure(report) ? 1 : 0;
    }
    return suite->measure.process.taken ? 128 + suite->measure.process.taken : code;
}

static int run(struct suite *suite)
{
    static const struct compare_format format = {print_text, print_json, print_html};
    int error = read_file(suite);
    if (!error)
        error = compare_measure_find(&suite->measure, suite->options);
    if (!error)
        error = compare_write_open(suite->options, &suite->files);
    if (!error)
        error = run_workloads(suite);
    if (error)
        return error;
    fill_report(suite);
    return exit_code(suite, compare_write(suite->options, &format, &suite->report, &suite->files));
}

int compare_suite(struct compare_options *options)
{
    static struct suite suite; /* too big for a stack that the user may have bounded */
    suite.options = options;
    suite.measure.process.signals = -1;
    int code = run(&suite);
    for (size_t i = 0; i < suite.file.count; i++) {
        if (suite.file.workloads[i].report)
            compare_measure_release(suite.file.workloads[i].report);
        free(suite.file.workloads[i].report);
    }
    suite_file_finish(&suite.file);
    compare_write_abandon(&suite.files);
    compare_measure_finish(&suite.measure);
    return code;
}
