/* SPDX-License-Identifier: MIT */
/* hakmem-trace run: runs a command and reports where its time went. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "collect/clock.h"
#include "collect/allocator.h"
#include "collect/counter_folder.h"
#include "collect/environment.h"
#include "collect/launch.h"
#include "commands.h"
#include "heap_run.h"
#include "run_callers.h"
#include "run_code.h"
#include "run_options.h"
#include "run_stacks.h"
#include "run_timeline.h"
#include "watch_output.h"
#include "watching.h"

struct run {
    struct run_options options;
    struct allocator allocator;
    struct watch_output output;
    struct counter_folder folder;
    struct launch launch;
    struct watching watching;
    struct run_timeline timeline;
    struct heap_run heap;
    uint64_t began_ns; /* since 1970 */
    struct run_callers callers;
    struct run_code code;
};

static int tick(void *context)
{
    struct run *run = context;
    int interval = watching_tick(&run->watching);
    run_timeline_tick(&run->timeline, &run->watching);
    run_callers_read(&run->callers);
    if (watching_is_time_to_tidy(&run->watching))
        counter_folder_tidy(&run->folder);
    if (watching_is_time_to_tidy(&run->watching))
        heap_run_tick(&run->heap);
    return interval;
}

static struct watching_totals totals_of(const struct launch_end *end)
{
    return (struct watching_totals){
        .wall_s = end->seconds,
        .user_s = clock_seconds_of(end->usage.ru_utime),
        .system_s = clock_seconds_of(end->usage.ru_stime),
        .max_rss_kb = (uint64_t)end->usage.ru_maxrss,
        .switches = (uint64_t)end->usage.ru_nvcsw + (uint64_t)end->usage.ru_nivcsw,
        .faults = (uint64_t)end->usage.ru_minflt + (uint64_t)end->usage.ru_majflt,
    };
}

/* Attaches, and keeps no right that is not needed from then on. */
static bool attach_and_drop_rights(struct run *run)
{
    struct watcher_rights rights = {
        .watched = run->launch.pid,
        .is_ours = true,
        .folder = run->folder.descriptor,
        .folder_path = run->folder.path,
        .other_folder = run->heap.folder.descriptor,
        .outputs = {&run->output.json, &run->output.text, &run->output.html}};
    for (int i = 0; i < STACK_FORMATS; i++)
        rights.outputs[STACK_OUTPUTS_AT + i] = &run->options.stacks.files[i];
    rights.outputs[STACK_OUTPUTS_AT + STACK_FORMATS] = &run->timeline.output;
    bool done = watcher_rights_prepare(&rights);
    if (done) {
        if (run->output.html.stream)
            run_callers_start(&run->callers, &run->allocator, run->launch.pid,
                              watching_budget_of_callers(&run->watching));
        watching_start(&run->watching, run->launch.pid);
        done = watching_drop_rights(&run->watching, &rights);
    }
    if (!done) {
        complain("can't drop privileges: %s", strerror(errno));
        launch_abandon(&run->launch);
    }
    return done;
}

/* Lets the command run and fills the report when it has ended. */
static int watch(struct run *run)
{
    struct launch_end end;
    struct watching *watching = &run->watching;
    struct report *report = &watching->report;
    struct watching_facts facts = {.command = run->options.command,
                                   .counters = &run->folder.counters};
    watching->options = &run->options.watch;
    watching->allocator = &run->allocator;
    watching->counted = counter_folder_counted(&run->folder);
    run_timeline_watch(&run->timeline, watching);
    if (!attach_and_drop_rights(run))
        return EXIT_TOOL_FAILED;
    run->began_ns = clock_ns(CLOCK_REALTIME);
    int error = launch_go(&run->launch);
    if (error) {
        complain("%s: %s", run->options.command[0], strerror(error));
        return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    run_timeline_began(&run->timeline, watching, run->launch.start);
    launch_wait(&run->launch, tick, run, &end);
    if (run->output.html.stream)
        run_code_start(&run->code, &run->allocator, &watching->profile);
    watching_finish(watching, &facts);
    counter_folder_remove(&run->folder);
    facts.totals = totals_of(&end);
    facts.started = run->launch.start;
    report->exit_code = launch_exit_code(end.status);
    report->signal = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : 0;
    watching_report_fill(report, &facts);
    run_callers_report(&run->callers, report);
    run_code_report(&run->code, &run->allocator, &watching->profile, report);
    report->heap = heap_run_report(&run->heap, facts.started);
    return report->exit_code;
}

static int run_with_folder(struct run *run)
{
    struct environment environment = {0};
    int error = 0;
    fflush(NULL);
    if (!environment_make(&environment, &run->allocator, run->folder.path) ||
        !heap_run_tell(&run->heap, &environment) ||
        launch_prepare(&run->launch, run->options.command, environment.list) != 0)
        error = errno;
    environment_free(&environment); /* the child has its copy */
    if (error) {
        complain("can't start a process: %s", strerror(error));
        return EXIT_TOOL_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
    int code = watch(run);
    if (run->watching.report.command)
        code = watch_output_write(&run->output, &run->options.watch, &run->watching.report, code);
    if (run->watching.report.command)
        code = run_stacks_write(&run->options.stacks, &run->heap, &run->watching.report,
                                run->began_ns, code);
    if (run->watching.report.command)
        code = run_timeline_write(&run->timeline, &run->watching, run->launch.pid, code);
    return code;
}

static void clean_up(struct run *run)
{
    run_code_finish(&run->code);
    watching_close(&run->watching);
    heap_run_finish(&run->heap);
    run_callers_finish(&run->callers);
    counter_folder_remove(&run->folder);
    counter_folder_finish(&run->folder);
    watch_output_close(&run->output);
    run_timeline_close(&run->timeline);
    stack_output_close(&run->options.stacks);
    watcher_rights_end();
}

static int run_command(int argc, char **argv)
{
    static struct run run; /* too big for a stack that the user may have bounded */
    char why[512];
    run.folder.descriptor = -1;
    int code = run_options_parse(argc, argv, &run.options);
    if (code)
        return code;
    if (run.options.watch.help) {
        fputs(run_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    if (!allocator_find(run.options.with, &run.allocator, why, sizeof why)) {
        complain("%s", why);
        return EXIT_TOOL_FAILED;
    }
    run.heap.interval = run.options.heap;
    run.heap.finds_all_lines = stack_output_is_wanted(&run.options.stacks);
    code = heap_run_prepare(&run.heap, run.options.with, &run.allocator);
    if (code == 0)
        code = watch_output_open(&run.output, &run.options.watch);
    if (code == 0)
        code = run_timeline_open(&run.timeline, run.options.timeline);
    if (code == 0)
        code = stack_output_open(&run.options.stacks, "run");
    if (code == 0 && counter_folder_create(&run.folder) != 0) {
        complain("no folder for the counters (XDG_RUNTIME_DIR, /dev/shm, TMPDIR, /tmp): %s",
                 strerror(errno));
        code = EXIT_TOOL_FAILED;
    }
    if (code == 0)
        code = run_with_folder(&run);
    clean_up(&run);
    return code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a command and say where its time went",
    .help = run_help,
    .run = run_command,
};
