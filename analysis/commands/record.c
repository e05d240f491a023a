/* SPDX-License-Identifier: MIT */
/* hakmem-trace record: runs a command and writes its memory operations to a trace. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/allocator.h"
#include "collect/launch.h"
#include "collect/line_sharing.h"
#include "collect/raw_trace.h"
#include "collect/trace_folder.h"
#include "collect/trace_writer.h"
#include "commands.h"
#include "compare_progress.h"
#include "preloaded.h"
#include "record_options.h"
#include "report/output.h"
#include "report/trace_report.h"
#include "watcher_rights.h"

enum { TICK_MS = 250 };

struct record {
    struct record_options options;
    struct allocator recorder, allocator;
    struct output trace, json;
    struct trace_folder folder;
    struct raw_trace raw;
    struct trace_written written;
    struct line_sharing sharing;
    bool sharing_known;
    struct compare_progress progress;
};

static int fail(const char *what, const char *why)
{
    complain("record: %s: %s", what, why);
    return EXIT_TOOL_FAILED;
}

/* The raw trace stands beside the trace, on the disk that the user chose for it. */
static int create_folder(struct record *record)
{
    char parent[PATH_MAX];
    struct stat status;
    const char *output = record->options.output, *temporary = getenv("TMPDIR");
    const char *slash = strrchr(output, '/');
    if (stat(output, &status) == 0 && !S_ISREG(status.st_mode))
        snprintf(parent, sizeof parent, "%s", temporary && *temporary ? temporary : "/tmp");
    else if (slash)
        snprintf(parent, sizeof parent, "%.*s", slash == output ? 1 : (int)(slash - output),
                 output);
    else
        strcpy(parent, ".");
    if (trace_folder_create(&record->folder, parent, record->options.process) == 0)
        return 0;
    return fail(parent, strerror(errno));
}

/* Everything that can be known to fail is made to fail before the command runs. */
static int prepare(struct record *record)
{
    const struct record_options *options = &record->options;
    char why[512];
    if (!allocator_find_recorder(&record->recorder, why, sizeof why) ||
        !allocator_find(options->with, &record->allocator, why, sizeof why)) {
        complain("record: %s", why);
        return EXIT_TOOL_FAILED;
    }
    if (output_open(&record->trace, options->output) != 0)
        return fail(options->output, strerror(errno));
    if (options->json && output_open(&record->json, options->json) != 0)
        return fail(options->json, strerror(errno));
    return create_folder(record);
}

static int tick(void *context)
{
    struct record *record = context;
    trace_folder_tidy(&record->folder, false);
    return TICK_MS;
}

static int run_command(struct record *record, int *code)
{
    char *value = NULL;
    struct launch_end end;
    if (asprintf(&value, "%ju:%s", (uintmax_t)record->options.limit, record->folder.path) < 0)
        value = NULL;
    const struct preloaded preloaded = {
        .verb = "record",
        .command = record->options.command,
        .helper = &record->recorder,
        .allocator = &record->allocator,
        .folder = record->folder.path,
        .variable = RAW_VARIABLE,
        .value = value,
        .tick = tick,
        .context = record,
    };
    int error = preloaded_run(&preloaded, &end);
    free(value);
    if (error)
        return error;
    *code = launch_exit_code(end.status);
    trace_folder_tidy(&record->folder, true);
    return 0;
}

/* Why no process has left a trace to be kept. */
static int complain_of_none(const struct trace_folder *folder)
{
    if (folder->seen[0] && folder->process)
        complain("record: no program called '%s' was recorded; there were: %s", folder->process,
                 folder->seen);
    else if (folder->left_out)
        complain("record: nothing was recorded: no room in the folder of --output?");
    else
        complain("record: nothing was recorded: it called no malloc, or is static or setuid");
    return EXIT_TOOL_FAILED;
}

static void show_progress(void *context)
{
    struct record *record = context;
    record->progress.done = record->raw.place;
    compare_progress_show(&record->progress);
}

/* What the program has left is read without any right but to read it. */
static bool drop_rights(const struct record *record)
{
    const struct watcher_rights rights = {.folder = record->folder.descriptor,
                                          .folder_path = record->folder.path,
                                          .outputs = {&record->trace, &record->json}};
    return watcher_rights_drop_at_end(&rights, "record");
}

/* The same records once more. Of a trace that was written nothing can fail but memory. */
static void count_sharing(struct record *record)
{
    char why[512];
    int file = record->raw.header.threads > 1 ? trace_folder_open(&record->folder) : -1;
    if (file < 0)
        return;
    close(record->raw.file);
    record->raw.file = -1;
    record->sharing_known = raw_trace_open(&record->raw, file, why, sizeof why) &&
                            line_sharing_count(&record->raw, &record->sharing, why, sizeof why);
}

static int write_trace(struct record *record)
{
    char why[512];
    int file = trace_folder_open(&record->folder);
    if (!drop_rights(record))
        return EXIT_TOOL_FAILED;
    if (file < 0)
        return complain_of_none(&record->folder);
    record->raw.file = file;
    if (!raw_trace_open(&record->raw, file, why, sizeof why)) {
        complain("record: %s", why);
        return EXIT_TOOL_FAILED;
    }
    if (record->raw.count == 0) {
        int error = record->raw.header.stopped;
        return fail("nothing was recorded", strerror(error > 0 ? error : EIO));
    }
    compare_progress_start(&record->progress, record->raw.count + 1);
    record->progress.unit = "records";
    bool done = trace_write(&record->raw, record->trace.stream, &record->written, show_progress,
                            record, why, sizeof why);
    compare_progress_clear(&record->progress);
    if (!done)
        return fail(record->options.output, why);
    return output_commit(&record->trace) == 0 ? 0 : fail(record->options.output, strerror(errno));
}

static int write_reports(struct record *record)
{
    struct trace_report report = {
        .command = record->options.command,
        .path = record->options.output,
        .header = &record->written.header,
        .pid = record->raw.header.pid,
        .images = record->folder.images,
        .live_at_end = record->written.live_at_end,
        .unknown = record->written.unknown,
        .unseen_ends = record->written.unseen_ends,
        .sharing_known = record->sharing_known,
        .line_blocks = record->sharing.blocks,
        .line_shared = record->sharing.shared,
        .stopped = record->raw.header.stopped,
        .limit = record->options.limit,
    };
    trace_report_text(&report, stderr);
    if (!record->json.stream)
        return 0;
    int error = trace_report_json(&report, record->json.stream) != 0 ? errno : 0;
    if (error)
        output_abandon(&record->json);
    else if (output_commit(&record->json) == 0)
        return 0;
    return fail(record->options.json, strerror(error ? error : errno));
}

static void clean_up(struct record *record)
{
    raw_trace_close(&record->raw);
    trace_folder_remove(&record->folder);
    output_abandon(&record->trace);
    output_abandon(&record->json);
    watcher_rights_end();
}

static int record_command(int argc, char **argv)
{
    static struct record record; /* too big for a stack that the user may have bounded */
    int code = record_options_parse(argc, argv, &record.options), commands_own = 0;
    if (code == 0 && record.options.help) {
        fputs(record_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    record.folder.descriptor = record.raw.file = -1;
    if (code == 0)
        code = prepare(&record);
    if (code == 0)
        code = run_command(&record, &commands_own);
    if (code == 0)
        code = write_trace(&record);
    if (code == 0)
        count_sharing(&record);
    if (code == 0)
        code = write_reports(&record);
    clean_up(&record);
    return commands_own ? commands_own : code;
}

const struct command command_record = {
    .name = "record",
    .summary = "run a command and write its memory operations to a trace for replay",
    .help = record_help,
    .run = record_command,
};
