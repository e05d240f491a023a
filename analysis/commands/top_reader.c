/* SPDX-License-Identifier: MIT */
#include "top_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collect/clock.h"
#include "collect/process_memory.h"
#include "collect/process_state.h"
#include "commands.h"
#include "top_counted.h"
#include "top_wait.h"

/* Finer than /proc/PID/stat, which counts ticks. */
static double cpu_seconds_of(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The first thread of a process may end before the others. */
static bool runs(const struct top_reader *reader, struct process_state *state)
{
    return process_state_read(reader->pid, state) && state->started == reader->started &&
           (state->state != 'Z' || state->threads > 1) && state->state != 'X';
}

static void tell_arena(void *context, pid_t pid, uint64_t low, uint64_t high)
{
    if (context)
        slow_path_arena(context, pid, low, high);
}

/* Where the program's path may not be read any more, it holds as long as the process's name. */
static void name_program(struct top_reader *reader, struct top_target *target)
{
    char path[32], name[PROCESS_NAME];
    snprintf(path, sizeof path, "/proc/%d/exe", reader->pid);
    ssize_t length = readlink(path, target->program, sizeof target->program - 1);
    process_state_name(reader->pid, name);
    if (length > 0)
        target->program[length] = '\0';
    else if (strcmp(name, reader->name) != 0)
        snprintf(target->program, sizeof target->program, "%s", name);
    memcpy(reader->name, name, sizeof name);
}

int top_reader_find(struct top_reader *reader, pid_t pid)
{
    struct process_state state;
    reader->pid = pid;
    if (!process_state_read(reader->pid, &state)) {
        complain("top: there is no process %d", reader->pid);
        return EXIT_USAGE;
    }
    reader->started = state.started;
    if (state.is_kernel_thread || !runs(reader, &state)) {
        complain("top: %d %s", reader->pid,
                 state.is_kernel_thread ? "is a thread of the kernel" : "has ended already");
        return EXIT_USAGE;
    }
    if (running_allocator_find(reader->pid, &reader->allocator))
        return 0;
    complain("top: may not look into process %d: %s; as its user, or as root, you may", reader->pid,
             strerror(errno));
    return EXIT_TOOL_FAILED;
}

static void describe(struct top_reader *reader, struct top_target *target)
{
    const struct watching *watching = &reader->watching;
    const struct allocator *allocator = &reader->allocator.allocator;
    const struct perf_choice *event = &watching->event;
    target->pid = reader->pid;
    target->allocator = allocator->name;
    target->is_hakmem = allocator->is_hakmem;
    target->event = watching->sampler ? event->name : NULL;
    target->frequency = (unsigned)event->attr.sample_freq;
    target->kernel_sampled = event->kernel;
    target->latencies = watching->slow_path != NULL;
    for (size_t i = 0; i < watching->report.note_count; i++)
        top_note(target, "%s", watching->report.notes[i]);
}

/* Is the allocator's time told from the application's? */
static bool is_separated(const struct top_reader *reader)
{
    const struct attributor *attributor = reader->watching.attributor;
    return attributor_is_separated(attributor);
}

static void note_separated(const struct top_reader *reader, struct top_target *target)
{
    if (!reader->watching.sampler || is_separated(reader))
        return;
    const struct attributor *attributor = reader->watching.attributor;
    const char *package = attributor_debug_package(attributor);
    if (package)
        top_note(target,
                 "%s's malloc can't be told from the rest of its library: apt install %s; its "
                 "time counts as the application's",
                 reader->allocator.allocator.name, package);
    else
        top_note(target, "its malloc is in no file that can be read: its time counts as the "
                         "application's");
}

static void note_counters(struct top_reader *reader, struct top_target *target)
{
    const struct running_allocator *found = &reader->allocator;
    if (!found->allocator.is_hakmem)
        top_note(target,
                 "its malloc is %s: operations, memory, size classes and slow paths are counted "
                 "of libhakmem alone (LD_PRELOAD=libhakmem.so when it is started)",
                 found->allocator.name);
    else if (found->memory_error)
        top_note(target,
                 "no counters: its memory may not be read: %s; it takes its own user with "
                 "kernel.yama.ptrace_scope=0, or CAP_SYS_PTRACE",
                 strerror(found->memory_error));
}

/* Files whose symbols could not be read. */
static void note_unread(struct top_reader *reader, struct top_target *target)
{
    const struct attributor *attributor = reader->watching.attributor;
    for (const char *note; attributor && (note = attributor_note(attributor, reader->noted));)
        top_note(target, "%s", note), reader->noted++;
}

/* Attaches, and keeps no right that is not needed from then on. */
static bool start(struct top_reader *reader)
{
    struct watching *watching = &reader->watching;
    struct watcher_rights rights = {.watched = reader->pid, .folder = -1};
    if (!watcher_rights_prepare(&rights))
        return false;
    watching_start_running(watching, &reader->pid, 1);
    watching->profile.only = reader->pid;
    process_memory_keep(reader->pid);
    return watching_drop_rights(watching, &rights);
}

bool top_reader_open(struct top_reader *reader, const struct top_options *options,
                     struct top_target *target)
{
    struct watching *watching = &reader->watching;
    watching->options = &options->watch;
    watching->allocator = &reader->allocator.allocator;
    watching->mapped = reader->allocator.mapped;
    watching->counted = live_counters_counted(&reader->live);
    name_program(reader, target);
    if (!start(reader))
        return false;
    live_counters_add(&reader->live, reader->pid);
    live_counters_each_arena(&reader->live, tell_arena, watching->slow_path);
    describe(reader, target);
    note_counters(reader, target);
    note_separated(reader, target);
    note_unread(reader, target);
    reader->cpu_before = cpu_seconds_of(reader->pid);
    return true;
}

bool top_reader_tick(struct top_reader *reader)
{
    struct process_state state;
    if (reader->watching.sampler)
        sampler_read(reader->watching.sampler);
    if (reader->watching.slow_path)
        slow_path_tick(reader->watching.slow_path);
    return runs(reader, &state);
}

static void read_process(struct top_reader *reader, const struct process_state *state,
                         struct top_reading *reading)
{
    reading->at_s = clock_seconds();
    reading->cpu_s = cpu_seconds_of(reader->pid);
    reading->user_s = state->user_s;
    reading->system_s = state->system_s;
    reading->own_cpu_s = watching_own_cpu_seconds(&reader->watching);
    reading->minor_faults = state->minor_faults;
    reading->major_faults = state->major_faults;
    reading->resident = state->resident;
    reading->threads = state->threads;
    thread_times_read(&reader->threads, reader->pid);
    for (size_t i = 0; i < reader->threads.count && i < TOP_THREADS_READ; i++) {
        const struct thread_time *from = &reader->threads.threads[i];
        struct top_thread_reading *to = &reading->thread[reading->thread_count++];
        to->tid = from->tid;
        to->cpu_ns = from->cpu_ns;
        snprintf(to->name, sizeof to->name, "%s", from->name);
    }
}

/* What is still undecided is decided in a copy: later samples decide it better. */
static void read_samples(struct top_reader *reader, struct top_reading *reading)
{
    struct watching *watching = &reader->watching;
    struct profile *settled = &reader->settled;
    if (!watching->sampler)
        return;
    profile_name(&watching->profile);
    *settled = watching->profile;
    profile_settle(settled);
    reading->separated = is_separated(reader);
    reading->kernel_sampled = watching->event.kernel;
    reading->samples = settled->samples;
    reading->sample_cost_s = 1e-9 * watching->overhead.sample_ns * (double)settled->samples;
    for (size_t i = 0; i < settled->source_count && i < TOP_SOURCES; i++) {
        struct top_source_reading *source = &reading->sources[reading->source_count++];
        const struct profile_source *from = &settled->sources[i];
        source->group = from->group;
        source->weight = from->weight;
        snprintf(source->name, sizeof source->name, "%s%s%s", from->other ? from->other : "",
                 from->other ? ": " : "", from->name);
    }
}

/* Said once, when the first of them is let go. */
static void note_let_go(struct top_reader *reader, const struct slow_path_report *seen,
                        struct top_target *target)
{
    for (int kind = 0; kind < SLOW_PATH_KINDS && !reader->has_let_go; kind++) {
        if (!seen->kind[kind].cut_short)
            continue;
        reader->has_let_go = true;
        top_note(target, "latencies marked ~ are of the first moments: these slow paths come so "
                         "often that timing all of them would cost more than 0.25 %%");
    }
}

static void read_counted(struct top_reader *reader, struct top_target *target,
                         struct top_reading *reading)
{
    static struct counters_image image;
    static struct slow_path_report seen;
    struct watching *watching = &reader->watching;
    struct counted *counted = &watching->counted;
    live_counters_tick(&reader->live);
    bool has_image = counted->read(counted->context, reader->pid, &image.header, &image.sum);
    if (has_image)
        top_counted_fill(&image, reading);
    if (watching->slow_path) {
        slow_path_read(watching->slow_path, &seen);
        note_let_go(reader, &seen, target);
        double cpu = reading->cpu_s - reader->cpu_before;
        reading->event_cost_s = cpu * seen.cost_fraction / (1 + seen.cost_fraction);
    }
    if (has_image || watching->slow_path)
        top_counted_events(has_image ? &image : NULL, watching->slow_path ? &seen : NULL, reading);
}

bool top_reader_read(struct top_reader *reader, struct top_target *target,
                     struct top_reading *reading)
{
    struct process_state state;
    if (!top_reader_tick(reader) || !runs(reader, &state))
        return false;
    memset(reading, 0, sizeof *reading);
    read_process(reader, &state, reading);
    read_samples(reader, reading);
    read_counted(reader, target, reading);
    note_unread(reader, target);
    name_program(reader, target); /* it may have executed another */
    return true;
}

void top_reader_close(struct top_reader *reader)
{
    watching_close(&reader->watching);
    live_counters_finish(&reader->live);
    watcher_rights_end();
}
