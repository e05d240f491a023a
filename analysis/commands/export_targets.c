/* SPDX-License-Identifier: MIT */
#include "export_targets.h"

#include <errno.h>
#include <string.h>

#include "collect/counter_note.h"
#include "collect/process_memory.h"
#include "collect/running_allocator.h"
#include "commands.h"
#include "top_processes.h"

/* The first thread of a process may end before the others. */
static bool runs(const struct export_target *target, struct process_state *state)
{
    return process_state_read(target->pid, state) && state->started == target->started &&
           (state->state != 'Z' || state->threads > 1) && state->state != 'X';
}

static int say_not_hakmem(pid_t pid, const struct running_allocator *found)
{
    if (found->allocator.is_hakmem || found->memory_error) {
        complain("export: the memory of process %d may not be read: %s; it takes its own user with "
                 "kernel.yama.ptrace_scope=0, or CAP_SYS_PTRACE",
                 pid, strerror(found->memory_error ? found->memory_error : EPERM));
        return EXIT_TOOL_FAILED;
    }
    complain("export: process %d is not on libhakmem: its malloc is %s; start it with "
             "LD_PRELOAD=libhakmem.so",
             pid, found->allocator.name);
    return EXIT_USAGE;
}

static int find_one(struct export_target *target, pid_t pid)
{
    static struct running_allocator found;
    struct process_state state;
    *target = (struct export_target){.pid = pid};
    if (!process_state_read(pid, &state)) {
        complain("export: there is no process %d", pid);
        return EXIT_USAGE;
    }
    target->started = state.started;
    if (state.is_kernel_thread || !runs(target, &state)) {
        complain("export: %d %s", pid,
                 state.is_kernel_thread ? "is a thread of the kernel" : "has ended already");
        return EXIT_USAGE;
    }
    if (!running_allocator_find(pid, &found)) {
        complain("export: may not look into process %d: %s; as its user, or as root, you may", pid,
                 strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    target->pointer = found.counters;
    if (!target->pointer)
        return say_not_hakmem(pid, &found);
    process_memory_keep(pid);
    return 0;
}

int export_targets_find(struct export_targets *targets, const struct export_options *options)
{
    targets->all = options->pid_count == 0;
    for (size_t i = 0; i < options->pid_count; i++) {
        int error = find_one(&targets->targets[i], options->pids[i]);
        if (error)
            return error;
        targets->count++;
    }
    return 0;
}

pid_t export_targets_oldest(const struct export_targets *targets)
{
    const struct export_target *oldest = &targets->targets[0];
    if (targets->all)
        return 1;
    for (size_t i = 1; i < targets->count; i++) {
        if (targets->targets[i].started < oldest->started)
            oldest = &targets->targets[i];
    }
    return oldest->pid;
}

/* Another program that the process executed has its counters elsewhere, or none. */
static void read_one(struct export_target *target)
{
    struct process_state state;
    target->was_read = false;
    if (!runs(target, &state))
        return;
    target->resident = state.resident;
    process_state_name(target->pid, target->program);
    for (int again = 0; again < 2 && !target->was_read; again++) {
        if (again)
            target->pointer = running_allocator_counters(target->pid);
        target->was_read =
            target->pointer && counter_note_read(target->pid, target->pointer, &target->image);
    }
}

static bool is_known(const struct export_targets *targets, pid_t pid, uint64_t started)
{
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->targets[i].pid == pid && targets->targets[i].started == started)
            return true;
    }
    return false;
}

static void forget_the_gone(struct export_targets *targets)
{
    size_t kept = 0;
    struct process_state state;
    for (size_t i = 0; i < targets->count; i++) {
        struct export_target *target = &targets->targets[i];
        if (!runs(target, &state))
            process_memory_forget(target->pid);
        else if (kept++ != i)
            targets->targets[kept - 1] = *target;
    }
    targets->count = kept;
}

static void look_for_all(struct export_targets *targets)
{
    static struct top_processes processes;
    static struct top_list list;
    forget_the_gone(targets);
    top_processes_look(&processes, &list);
    for (size_t i = 0; i < list.count && targets->count < TOP_LIST_MAX; i++) {
        struct process_state state;
        pid_t pid = list.processes[i].pid;
        if (!list.processes[i].is_hakmem || !process_state_read(pid, &state) ||
            is_known(targets, pid, state.started))
            continue;
        targets->targets[targets->count++] =
            (struct export_target){.pid = pid, .started = state.started};
    }
}

bool export_targets_read(struct export_targets *targets)
{
    if (targets->all)
        look_for_all(targets);
    for (size_t i = 0; i < targets->count; i++)
        read_one(&targets->targets[i]);
    return export_targets_run(targets);
}

bool export_targets_run(const struct export_targets *targets)
{
    struct process_state state;
    bool run = targets->all;
    for (size_t i = 0; i < targets->count && !run; i++)
        run = runs(&targets->targets[i], &state);
    return run;
}

static void put(void *context, const char *text, size_t bytes)
{
    fwrite(text, 1, bytes, context);
}

void export_targets_write(const struct export_targets *targets, enum hak_metrics_format format,
                          FILE *stream)
{
    static struct hak_metrics_process processes[TOP_LIST_MAX];
    const struct hak_metrics_sink sink = {put, stream};
    size_t count = 0;
    for (size_t i = 0; i < targets->count; i++) {
        const struct export_target *target = &targets->targets[i];
        if (target->was_read)
            processes[count++] = (struct hak_metrics_process){
                .header = &target->image.header,
                .sum = &target->image.sum,
                .program = target->program,
                .pid = (uint64_t)target->pid,
                .resident = target->resident,
            };
    }
    hak_metrics_write(processes, count, format, &sink);
}
