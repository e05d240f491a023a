/* SPDX-License-Identifier: MIT */
#include "callers_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "callers_advice.h"
#include "collect/clock.h"
#include "collect/launch.h"
#include "commands.h"
#include "preloaded.h"

/* A sample brings its stack along: where the kernel grants little, a ring holds thirty. */
enum { TICK_MS = 10, TICKS_A_LOOK_AT_FILES = 50 };

void callers_run_start(struct callers_run *run, const struct callers_wish *wish)
{
    memset(run, 0, sizeof *run);
    run->wish = wish;
    run->folder.descriptor = -1;
}

void callers_run_finish(struct callers_run *run)
{
    callers_tally_finish(&run->tally);
    callers_stacks_finish(&run->stacks);
    callers_paths_finish(&run->paths);
    attributor_destroy(run->time.attributor);
    attributor_destroy(run->files.attributor);
    trace_folder_remove(&run->folder);
}

static int fail(const struct callers_run *run, const char *what, const char *why)
{
    complain("%s: %s: %s", run->wish->verb, what, why);
    return EXIT_TOOL_FAILED;
}

static bool take_call(void *context, const struct follow_sample *sample, pid_t pid,
                      const uint64_t *addresses, size_t count)
{
    struct callers_run *run = context;
    size_t path = callers_paths_find(&run->paths, run->files.attributor, pid, addresses, count);
    if (!callers_tally_call(&run->tally, path, sample))
        return false;
    callers_stack_add_call(callers_stacks_find(&run->stacks, &run->paths, run->files.attributor,
                                               pid, addresses, count),
                           &run->tally.calls[run->tally.call_count - 1]);
    return true;
}

static bool prepare_analysis(struct callers_run *run)
{
    struct callers_time_sampling *time = &run->time;
    struct sampled_files *files = &run->files;
    const struct allocator *allocator = run->wish->allocator;
    time->allocator = allocator;
    time->attributor = attributor_create(allocator->is_own ? NULL : allocator->library);
    time->paths = &run->paths;
    time->tally = &run->tally;
    time->stacks = &run->stacks;
    run->stacks.is_wanted = run->wish->stacks && stack_output_is_wanted(run->wish->stacks);
    *files = (struct sampled_files){
        .magic = FOLLOW_MAGIC,
        .suffix = ".follow",
        .folder = &run->folder,
        .take = take_call,
        .context = run,
        .most_frames = CALLERS_STACK_FRAMES,
    };
    files->attributor = attributor_create(NULL);
    return time->attributor && files->attributor &&
           callers_paths_start(&run->paths, run->follower.library);
}

int callers_run_prepare(struct callers_run *run)
{
    const char *parent = getenv("TMPDIR");
    char why[512];
    if (!allocator_find_follower(&run->follower, why, sizeof why)) {
        complain("%s: %s", run->wish->verb, why);
        return EXIT_TOOL_FAILED;
    }
    parent = parent && *parent ? parent : "/tmp";
    if (trace_folder_create(&run->folder, parent, NULL) != 0)
        return fail(run, parent, strerror(errno));
    return prepare_analysis(run) ? 0 : fail(run, "no report", strerror(errno));
}

/* No right is kept that is not needed from then on. */
static bool attach(void *context, pid_t pid)
{
    struct callers_run *run = context;
    const struct callers_wish *wish = run->wish;
    struct watcher_rights rights = {
        .watched = pid,
        .is_ours = true,
        .folder = run->folder.descriptor,
        .folder_path = run->folder.path,
        .outputs = {&wish->output->json, &wish->output->text, &wish->output->html}};
    for (int i = 0; wish->stacks && i < STACK_FORMATS; i++)
        rights.outputs[STACK_OUTPUTS_AT + i] = &wish->stacks->files[i];
    bool done = watcher_rights_prepare(&rights);
    if (done) {
        callers_time_start(&run->time, pid, wish->frequency, wish->budget);
        done = watcher_rights_drop(&rights, run->rights_note);
    }
    if (!done)
        complain("%s: can't drop privileges: %s", wish->verb, strerror(errno));
    return done;
}

static int tick(void *context)
{
    struct callers_run *run = context;
    callers_time_read(&run->time);
    if (++run->ticks % TICKS_A_LOOK_AT_FILES == 0)
        sampled_files_take(&run->files, false);
    return TICK_MS;
}

int callers_run_command(struct callers_run *run)
{
    char *value = NULL;
    if (asprintf(&value, "%ju:%s", (uintmax_t)run->wish->mean, run->folder.path) < 0)
        value = NULL;
    const struct preloaded preloaded = {
        .verb = run->wish->verb,
        .command = run->wish->command,
        .helper = &run->follower,
        .allocator = run->wish->allocator,
        .folder = run->folder.path,
        .variable = FOLLOW_VARIABLE,
        .value = value,
        .attach = attach,
        .tick = tick,
        .context = run,
    };
    run->began_ns = clock_ns(CLOCK_REALTIME);
    int code = preloaded_run(&preloaded, &run->end);
    free(value);
    callers_time_finish(&run->time);
    if (code == 0)
        sampled_files_take(&run->files, true);
    return code;
}

static void describe_run(struct callers_run *run, struct callers_report *report)
{
    const struct callers_time_sampling *time = &run->time;
    const struct rusage *usage = &run->end.usage; /* without that of readers */
    report->command = run->wish->command;
    report->exit_code = launch_exit_code(run->end.status);
    report->signal = WIFSIGNALED(run->end.status) ? WTERMSIG(run->end.status) : 0;
    report->allocator = run->wish->allocator->name;
    report->library = run->wish->allocator->preload ? run->wish->allocator->library : NULL;
    report->event = time->why[0] ? NULL : time->sampling.event.name;
    report->frequency = (unsigned)time->sampling.event.attr.sample_freq;
    report->lost = time->totals.lost;
    report->cpu_seconds = clock_seconds_of(usage->ru_utime) + clock_seconds_of(usage->ru_stime);
    report->mean = run->wish->mean;
    report->programs = run->files.programs;
    report->top = run->wish->top;
}

static void note_allocators(const struct callers_run *run, struct callers_report *report)
{
    const struct attributor *attributor = run->time.attributor;
    const char *path, *other;
    bool is_own = run->wish->allocator->is_own;
    for (size_t i = 0; (other = attributor_other(attributor, i, &path)); i++)
        callers_note(report, is_own ? "its malloc is %s, in %s" : "%s runs as well, in %s", other,
                     path);
    if (report->malloc_samples && !run->files.images && !run->files.unreadable)
        callers_note(report, "no call was sampled: the program's malloc is linked into it, and "
                             "nothing can be preloaded before that");
}

static void note_readers(const struct attributor *attributor, struct callers_report *report)
{
    for (size_t i = 0; attributor_note(attributor, i); i++)
        callers_note(report, "%s", attributor_note(attributor, i));
}

static void write_notes(struct callers_run *run, struct callers_report *report)
{
    const struct sampled_files *files = &run->files;
    const struct callers_time_sampling *time = &run->time;
    if (time->why[0])
        callers_note(report, "no samples of time, so no path's share of it: %s", time->why);
    else if (!time->sampling.event.kernel)
        callers_note(report, "the kernel's work for malloc is not in its time: it is not sampled "
                             "(sysctl kernel.perf_event_paranoid=1, or CAP_PERFMON)");
    if (time->totals.lost)
        callers_note(report, "%ju samples of time were lost", (uintmax_t)time->totals.lost);
    if (files->unreadable)
        callers_note(report, "%ju programs left no samples that can be read: no room in $TMPDIR?",
                     (uintmax_t)files->unreadable);
    if (files->stopped)
        callers_note(report, "%ju programs stopped sampling calls before their end: %s",
                     (uintmax_t)files->stopped,
                     files->why_stopped > 0 ? strerror(files->why_stopped)
                                            : "that was as many as are kept");
    if (files->skipped)
        callers_note(report, "%ju samples of calls were left out: more than %d in all",
                     (uintmax_t)files->skipped, (int)SAMPLED_FILES_MOST);
    if (run->rights_note[0])
        callers_note(report, "%s", run->rights_note);
    note_allocators(run, report);
    note_readers(time->attributor, report);
    note_readers(files->attributor, report);
}

/* Of what is shown: reading debug information takes its time. */
static void find_lines(struct callers_run *run, struct callers_report *report)
{
    for (size_t i = 0; i < report->top; i++) {
        if (i < report->by_time_count)
            callers_paths_find_line(run->files.attributor, &report->paths[report->by_time[i]]);
        if (i < report->by_bytes_count)
            callers_paths_find_line(run->files.attributor, &report->paths[report->by_bytes[i]]);
    }
    for (size_t i = 0; i < report->advice_count; i++)
        callers_paths_find_line(run->files.attributor, &report->paths[report->advice[i].path]);
}

int callers_run_report(struct callers_run *run, struct callers_report *report)
{
    if (run->time.no_memory || run->files.no_memory ||
        !callers_tally_measure(&run->tally, run->paths.items, run->paths.count, report))
        return fail(run, "no report", strerror(ENOMEM));
    describe_run(run, report);
    write_notes(run, report);
    callers_advise(report);
    find_lines(run, report);
    if (report->samples || report->malloc_samples)
        return 0;
    complain("%s: nothing was sampled: it called malloc too seldom (--bytes), or is static or "
             "setuid",
             run->wish->verb);
    return EXIT_TOOL_FAILED;
}
