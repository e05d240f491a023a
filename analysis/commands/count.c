/* SPDX-License-Identifier: MIT */
/* hakmem-trace count: steps through some calls of malloc and free and counts what they execute. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/allocator.h"
#include "collect/launch.h"
#include "collect/step_file.h"
#include "collect/trace_folder.h"
#include "commands.h"
#include "count_options.h"
#include "count_report.h"
#include "preloaded.h"
#include "report/count_json.h"
#include "report/count_text.h"
#include "report/output.h"

enum { TICK_MS = 1000 };

struct count {
    struct count_options options;
    struct allocator stepper, allocator;
    struct output json, output;
    struct trace_folder folder;
    struct step_file file;
    struct count_report report;
    int status; /* of the command, as of wait(2) */
};

static int fail(const char *what, const char *why)
{
    complain("count: %s: %s", what, why);
    return EXIT_TOOL_FAILED;
}

/* Everything that can be known to fail is made to fail before the command runs. */
static int prepare(struct count *count)
{
    const struct count_options *options = &count->options;
    const char *parent = getenv("TMPDIR");
    char why[512];
    if (!step_is_available)
        return fail("not available", "stepping needs an x86-64 processor");
    if (!allocator_find_stepper(&count->stepper, why, sizeof why) ||
        !allocator_find(options->with, &count->allocator, why, sizeof why)) {
        complain("count: %s", why);
        return EXIT_TOOL_FAILED;
    }
    if (options->json && output_open(&count->json, options->json) != 0)
        return fail(options->json, strerror(errno));
    if (options->output && output_open(&count->output, options->output) != 0)
        return fail(options->output, strerror(errno));
    parent = parent && *parent ? parent : "/tmp";
    return trace_folder_create(&count->folder, parent, NULL) == 0 ? 0
                                                                  : fail(parent, strerror(errno));
}

static int tick(void *context)
{
    return TICK_MS;
}

static int run_command(struct count *count)
{
    char *value = NULL;
    const char *process = count->options.process;
    if (asprintf(&value, "%ju:%ju:%s%s", (uintmax_t)count->options.skip,
                 (uintmax_t)count->options.calls, process ? process : "", count->folder.path) < 0)
        value = NULL;
    const struct preloaded preloaded = {
        .verb = "count",
        .command = count->options.command,
        .helper = &count->stepper,
        .allocator = &count->allocator,
        .folder = count->folder.path,
        .variable = STEP_VARIABLE,
        .value = value,
        .tick = tick,
    };
    int code = preloaded_run(&preloaded, &count->status);
    free(value);
    return code;
}

/* Neither a link nor a pipe that some program put there may lead or hold us. */
static int open_steps(const struct count *count)
{
    return openat(count->folder.descriptor, STEP_FILE,
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

static int complain_of_none(const struct count *count)
{
    const char *why = count->file.words ? count_why_stopped(&count->file.header) : NULL;
    if (why)
        return fail("nothing was counted", why);
    complain("count: nothing was counted: no thread%s%s made more than %ju calls (--skip), or the "
             "program is static or setuid",
             count->options.process ? " of " : "",
             count->options.process ? count->options.process : "", (uintmax_t)count->options.skip);
    return EXIT_TOOL_FAILED;
}

static int make_report(struct count *count)
{
    char why[512];
    int steps = open_steps(count);
    if (steps < 0)
        return complain_of_none(count);
    bool is_open = step_file_open(&count->file, steps, why, sizeof why);
    close(steps);
    if (!is_open) {
        complain("count: %s", why);
        return EXIT_TOOL_FAILED;
    }
    if (count->file.header.calls == 0)
        return complain_of_none(count);
    const struct count_facts facts = {.options = &count->options,
                                      .allocator = &count->allocator,
                                      .stepper = &count->stepper,
                                      .status = count->status};
    if (count_report_fill(&count->report, &count->file, &facts))
        return 0;
    return fail("no report", strerror(errno));
}

static int write_text(struct count *count)
{
    count_print_text(&count->report, count->output.stream ? count->output.stream : stderr);
    if (count->output.stream && output_commit(&count->output) != 0)
        return fail(count->options.output, strerror(errno));
    return 0;
}

static int write_json(struct count *count)
{
    if (!count->json.stream)
        return 0;
    int error = count_print_json(&count->report, count->json.stream) != 0 ? errno : 0;
    if (error)
        output_abandon(&count->json);
    else if (output_commit(&count->json) == 0)
        return 0;
    return fail(count->options.json, strerror(error ? error : errno));
}

static void clean_up(struct count *count)
{
    step_file_close(&count->file);
    trace_folder_remove(&count->folder);
    output_abandon(&count->json);
    output_abandon(&count->output);
}

static int count_command(int argc, char **argv)
{
    static struct count count; /* too big for a stack that the user may have bounded */
    int code = count_options_parse(argc, argv, &count.options);
    if (code == 0 && count.options.help) {
        fputs(count_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    count.folder.descriptor = -1;
    if (code == 0)
        code = prepare(&count);
    if (code == 0)
        code = run_command(&count);
    if (code == 0)
        code = make_report(&count);
    if (code == 0)
        code = write_text(&count);
    if (code == 0)
        code = write_json(&count);
    clean_up(&count);
    int commands_own = launch_exit_code(count.status);
    return commands_own ? commands_own : code;
}

const struct command command_count = {
    .name = "count",
    .summary = "count the instructions of malloc and free, exactly, by stepping",
    .help = count_help,
    .run = count_command,
};
