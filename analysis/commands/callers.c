/* SPDX-License-Identifier: MIT */
/* hakmem-trace callers: which call paths cost the most of malloc's time and memory. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "callers_options.h"
#include "callers_run.h"
#include "callers_stacks_model.h"
#include "collect/launch.h"
#include "commands.h"
#include "report/callers_json.h"
#include "report/callers_text.h"
#include "report/html/callers_html.h"
#include "stepped_output.h"
#include "watcher_rights.h"

struct callers {
    struct callers_options options;
    struct allocator allocator;
    struct stepped_output output;
    struct callers_wish wish;
    struct callers_run run;
    struct callers_report report;
    struct stacks stacks;
};

/* Everything that can be known to fail is made to fail before the command runs. */
static int prepare(struct callers *callers)
{
    struct callers_options *options = &callers->options;
    char why[512];
    if (!allocator_find(options->common.with, &callers->allocator, why, sizeof why)) {
        complain("callers: %s", why);
        return EXIT_TOOL_FAILED;
    }
    callers->wish = (struct callers_wish){
        .verb = "callers",
        .command = options->common.command,
        .allocator = &callers->allocator,
        .output = &callers->output,
        .stacks = &options->stacks,
        .mean = options->mean,
        .frequency = options->frequency,
        .budget = options->budget / 100,
        .top = options->top,
    };
    int code = stepped_output_open(&callers->output, "callers", &options->common);
    if (code == 0)
        code = stack_output_open(&options->stacks, "callers");
    return code ? code : callers_run_prepare(&callers->run);
}

/* Before the reports, which have its notes. */
static int make_stacks(struct callers *callers)
{
    if (!stack_output_is_wanted(&callers->options.stacks) ||
        callers_stacks_model(&callers->run, &callers->report, &callers->stacks))
        return 0;
    complain("callers: no stacks: %s", strerror(ENOMEM));
    return EXIT_TOOL_FAILED;
}

static int write_json(struct callers *callers)
{
    FILE *json = stepped_output_json(&callers->output);
    return json ? stepped_output_end_json(&callers->output,
                                          callers_print_json(&callers->report, json))
                : 0;
}

static int write_html(struct callers *callers)
{
    FILE *html = stepped_output_html(&callers->output);
    return html ? stepped_output_end_html(&callers->output,
                                          callers_print_html(&callers->report, html))
                : 0;
}

static int write_reports(struct callers *callers)
{
    callers_print_text(&callers->report, stepped_output_text(&callers->output));
    int code = stepped_output_end_text(&callers->output);
    if (code == 0)
        code = write_json(callers);
    if (code == 0)
        code = write_html(callers);
    return code ? code : stack_output_write(&callers->options.stacks, "callers", &callers->stacks);
}

static void clean_up(struct callers *callers)
{
    stacks_finish(&callers->stacks);
    stack_output_close(&callers->options.stacks);
    callers_report_finish(&callers->report);
    callers_run_finish(&callers->run);
    stepped_output_close(&callers->output);
    watcher_rights_end();
}

static int callers_command(int argc, char **argv)
{
    static struct callers callers; /* too big for a stack that the user may have bounded */
    int code = callers_options_parse(argc, argv, &callers.options);
    if (code == 0 && callers.options.common.help) {
        fputs(callers_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    callers_run_start(&callers.run, &callers.wish);
    if (code == 0)
        code = prepare(&callers);
    if (code == 0)
        code = callers_run_command(&callers.run);
    if (code == 0)
        code = callers_run_report(&callers.run, &callers.report);
    if (code == 0)
        code = make_stacks(&callers);
    if (code == 0)
        code = write_reports(&callers);
    clean_up(&callers);
    int commands_own = launch_exit_code(callers.run.end.status);
    return commands_own ? commands_own : code;
}

const struct command command_callers = {
    .name = "callers",
    .summary = "the call paths that cost the most of malloc's time and memory, with advice",
    .help = callers_help,
    .run = callers_command,
};
