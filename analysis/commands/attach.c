/* SPDX-License-Identifier: MIT */
/* hakmem-trace attach: reports on a process that runs already. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "collect/clock.h"
#include "attach_options.h"
#include "collect/attachment.h"
#include "collect/live_counters.h"
#include "collect/process_memory.h"
#include "collect/process_tree.h"
#include "collect/running_allocator.h"
#include "commands.h"
#include "compare_process.h"
#include "compare_progress.h"
#include "watch_output.h"
#include "watching.h"

enum { EXIT_NOT_WATCHED = 1, PROCESSES_MAX = 256 };

struct attach {
    struct attach_options options;
    struct attachment attachment;
    struct running_allocator running;
    struct live_counters live;
    struct watch_output output;
    struct compare_progress progress;
    struct watching watching;
};

static int tick(void *context)
{
    struct attach *attach = context;
    int interval = watching_tick(&attach->watching);
    live_counters_tick(&attach->live);
    if (attach->options.seconds > 0) {
        attach->progress.done = (size_t)(clock_seconds() - attach->progress.start);
        compare_progress_show(&attach->progress);
    }
    return interval;
}

static void tell_arena(void *context, pid_t pid, uint64_t low, uint64_t high)
{
    slow_path_arena(context, pid, low, high);
}

/* The rights go when all is open; the counters are read last, as close as can be to the first
 * sample. False after a complaint. */
static bool start(struct attach *attach)
{
    pid_t processes[PROCESSES_MAX];
    struct watcher_rights rights = {
        .watched = attach->options.pid,
        .folder = -1,
        .outputs = {&attach->output.json, &attach->output.text, &attach->output.html}};
    struct watching *watching = &attach->watching;
    size_t count = process_tree_list(attach->options.pid, processes, PROCESSES_MAX);
    watching->options = &attach->options.watch;
    watching->allocator = &attach->running.allocator;
    watching->mapped = attach->running.mapped;
    watching->is_program = attach->running.is_program;
    watching->counted = live_counters_counted(&attach->live);
    bool done = watcher_rights_prepare(&rights);
    if (done) {
        watching_start_running(watching, processes, count);
        for (size_t i = 0; i < count; i++)
            process_memory_keep(processes[i]);
        done = watching_drop_rights(watching, &rights);
    }
    if (!done) {
        complain("attach: can't drop privileges: %s", strerror(errno));
        return false;
    }
    for (size_t i = 0; i < count; i++)
        live_counters_add(&attach->live, processes[i]);
    if (watching->slow_path)
        live_counters_each_arena(&attach->live, tell_arena, watching->slow_path);
    return true;
}

static void note_what_is_missing(struct attach *attach)
{
    struct report *report = &attach->watching.report;
    const struct running_allocator *running = &attach->running;
    const struct live_counters *live = &attach->live;
    int refused = running->memory_error ? running->memory_error : live->error;
    if (!running->allocator.is_hakmem)
        return;
    if (refused == EPERM || refused == EACCES)
        report_note(report, "no counters and no memory by kind: this user may not read the "
                            "process's memory; it takes root or CAP_SYS_PTRACE, or "
                            "kernel.yama.ptrace_scope=0 for own processes");
    else if (!running->counters)
        report_note(report, "no counters: this libhakmem has no note that leads to them; it is "
                            "older than hakmem-trace attach");
    if (live->passed_over)
        report_note(report,
                    "%llu processes were too many, or gone before their counters could be read",
                    (unsigned long long)live->passed_over);
    if (running->is_program)
        report_note(report, "libhakmem is linked into the program: its time can't be told from the "
                            "program's");
}

static struct watching_totals totals_of(const struct attach *attach,
                                        const struct attachment_end *end)
{
    const struct process_usage *usage = &attach->live.usage;
    return (struct watching_totals){
        .wall_s = end->seconds,
        .user_s = usage->user_s,
        .system_s = usage->system_s,
        .max_rss_kb = usage->max_resident / 1024,
        .switches = usage->switches,
        .faults = usage->faults,
    };
}

/* 0, or the exit code. */
static int watch(struct attach *attach)
{
    struct attachment_end end;
    struct watching *watching = &attach->watching;
    struct report *report = &watching->report;
    struct watching_facts facts = {.command = attach->attachment.command,
                                   .counters = &attach->live.counters};
    double before = clock_seconds();
    if (!start(attach))
        return EXIT_TOOL_FAILED;
    report->attached.attach_ms = 1e3 * (clock_seconds() - before);
    compare_progress_start(&attach->progress, (size_t)ceil(attach->options.seconds));
    attach->progress.unit = "s";
    attachment_wait(&attach->attachment, attach->options.seconds, tick, attach, &end);
    compare_progress_clear(&attach->progress);
    watching_stop_sampling(watching);
    live_counters_finish(&attach->live);
    watching_finish(watching, &facts);
    report->attached.detach_ms = 1e3 * watching->detach_s;
    report->attached.pid = attach->options.pid;
    report->attached.has_ended = end.has_ended;
    facts.totals = totals_of(attach, &end);
    facts.started = end.started;
    watching_report_fill(report, &facts);
    note_what_is_missing(attach);
    return 0;
}

static void clean_up(struct attach *attach)
{
    watching_close(&attach->watching);
    attachment_close(&attach->attachment);
    watch_output_close(&attach->output);
    watcher_rights_end();
}

static int attach_command(int argc, char **argv)
{
    static struct attach attach; /* too big for a stack that the user may have bounded */
    char why[512];
    int code = attach_options_parse(argc, argv, &attach.options);
    if (code)
        return code;
    if (attach.options.watch.help) {
        fputs(attach_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    pid_t pid = attach.options.pid;
    if (!attachment_open(&attach.attachment, pid, why, sizeof why)) {
        complain("attach: %s", why);
        return EXIT_NOT_WATCHED;
    }
    code = watch_output_open(&attach.output, &attach.options.watch);
    if (code == 0 && !running_allocator_find(pid, &attach.running)) {
        complain("attach: process %d: %s", pid, strerror(errno));
        code = EXIT_NOT_WATCHED;
    }
    if (code == 0) {
        signal(SIGPIPE, SIG_IGN);
        code = watch(&attach);
    }
    if (code == 0) {
        code =
            watch_output_write(&attach.output, &attach.options.watch, &attach.watching.report, 0);
    }
    clean_up(&attach);
    return code;
}

const struct command command_attach = {
    .name = "attach",
    .summary = "report on a process that runs already",
    .help = attach_help,
    .run = attach_command,
};
