/* SPDX-License-Identifier: MIT */
/* hakmem-trace compare: one command under several allocators, in rounds. */
#include <stdio.h>

#include "commands.h"
#include "compare_measure.h"
#include "compare_options.h"
#include "compare_suite.h"
#include "compare_sweep.h"
#include "compare_write.h"
#include "report/compare_json.h"
#include "report/compare_text.h"
#include "report/html/compare_html.h"
#include "report/output.h"

struct compare {
    struct compare_options options;
    struct compare_measure measure;
    struct compare_report report;
    struct compare_files files;
};

static void print_text(const void *report, bool details, FILE *stream)
{
    compare_print_text(report, details, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return compare_print_json(report, stream);
}

static int print_html(const void *report, FILE *stream)
{
    return compare_print_html(report, stream);
}

/* 1 where an allocator failed, unless there is worse to tell. */
static int exit_code(const struct compare *compare, int code)
{
    if (!code && compare_has_failure(&compare->report))
        code = 1;
    return compare->measure.process.taken ? 128 + compare->measure.process.taken : code;
}

static int one_command(struct compare *compare)
{
    static const struct compare_format format = {print_text, print_json, print_html};
    int error = compare_measure_find(&compare->measure, &compare->options);
    if (!error)
        error =
            compare_measure_prepare(&compare->measure, compare->options.command, &compare->report);
    if (!error)
        error = compare_write_open(&compare->options, &compare->files);
    if (!error)
        error = compare_measure_start(&compare->measure, 1);
    if (!error)
        error = compare_measure_run(&compare->measure, &compare->report);
    if (error)
        return error;
    return exit_code(compare,
                     compare_write(&compare->options, &format, &compare->report, &compare->files));
}

static int compare_command(int argc, char **argv)
{
    static struct compare compare; /* too big for a stack that the user may have bounded */
    compare.measure.process.signals = -1;
    int code = compare_options_parse(argc, argv, &compare.options);
    if (code == 0 && compare.options.help) {
        fputs(compare_help, stdout);
        code = fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    } else if (code == 0 && compare.options.suite) {
        code = compare_suite(&compare.options);
    } else if (code == 0 && compare.options.sweep) {
        code = compare_sweep(&compare.options);
    } else if (code == 0) {
        code = one_command(&compare);
    }
    compare_measure_release(&compare.report);
    compare_write_abandon(&compare.files);
    compare_measure_finish(&compare.measure);
    compare_options_finish(&compare.options);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .summary = "run a command under several allocators and say which is faster",
    .help = compare_help,
    .run = compare_command,
};
