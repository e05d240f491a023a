/* SPDX-License-Identifier: MIT */
/* hakmem-trace count: steps through some calls of malloc and free and counts what they execute. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/allocator.h"
#include "collect/launch.h"
#include "commands.h"
#include "count_options.h"
#include "count_report.h"
#include "report/count_json.h"
#include "report/count_text.h"
#include "stepped.h"
#include "stepped_output.h"

struct count {
    struct count_options options;
    struct allocator allocator;
    struct stepped_output output;
    struct stepped stepped;
    struct count_report report;
};

static int fail(const char *what, const char *why)
{
    complain("count: %s: %s", what, why);
    return EXIT_TOOL_FAILED;
}

/* Everything that can be known to fail is made to fail before the command runs. */
static int prepare(struct count *count)
{
    const struct stepped_options *options = &count->options.stepped;
    char why[512];
    if (!allocator_find(options->with, &count->allocator, why, sizeof why)) {
        complain("count: %s", why);
        return EXIT_TOOL_FAILED;
    }
    int code = stepped_output_open(&count->output, "count", options);
    return code ? code : stepped_prepare(&count->stepped, "count");
}

static int run_command(struct count *count)
{
    const struct stepped_options *options = &count->options.stepped;
    const struct stepped_wish wish = {
        .verb = "count",
        .options = options,
        .allocator = &count->allocator,
        .output = &count->output,
    };
    int code = stepped_run(&count->stepped, &wish);
    return code ? code : stepped_open(&count->stepped, &wish);
}

static int make_report(struct count *count)
{
    const struct count_facts facts = {.options = &count->options,
                                      .allocator = &count->allocator,
                                      .stepper = &count->stepped.stepper,
                                      .status = count->stepped.status};
    if (count_report_fill(&count->report, &count->stepped.file, &facts))
        return 0;
    return fail("no report", strerror(errno));
}

static int write_reports(struct count *count)
{
    count_print_text(&count->report, stepped_output_text(&count->output));
    int code = stepped_output_end_text(&count->output);
    FILE *json = stepped_output_json(&count->output);
    if (code || !json)
        return code;
    return stepped_output_end_json(&count->output, count_print_json(&count->report, json));
}

static void clean_up(struct count *count)
{
    stepped_finish(&count->stepped);
    stepped_output_close(&count->output);
    watcher_rights_end();
}

static int count_command(int argc, char **argv)
{
    static struct count count; /* too big for a stack that the user may have bounded */
    int code = count_options_parse(argc, argv, &count.options);
    if (code == 0 && count.options.stepped.help) {
        fputs(count_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    stepped_start(&count.stepped);
    if (code == 0)
        code = prepare(&count);
    if (code == 0)
        code = run_command(&count);
    if (code == 0)
        code = make_report(&count);
    if (code == 0)
        code = write_reports(&count);
    clean_up(&count);
    int commands_own = launch_exit_code(count.stepped.status);
    return commands_own ? commands_own : code;
}

const struct command command_count = {
    .name = "count",
    .summary = "count the instructions of malloc and free, exactly, by stepping",
    .help = count_help,
    .run = count_command,
};
