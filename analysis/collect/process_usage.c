/* SPDX-License-Identifier: MIT */
#include "process_usage.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "process_state.h"
#include "process_tree.h"
#include "resident.h"

enum { PROCESSES_MAX = 4096, SWITCHES_EVERY = 8 };

struct used {
    double cpu_s; /* exact, where the others are whole clock ticks */
    double user_s, system_s;
    uint64_t switches, faults;
};

struct used_process {
    pid_t pid;
    uint64_t started; /* tells it from another of its number */
    unsigned readings;
    struct used before, now;
};

static double cpu_seconds(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void add_switches(void *context, pid_t pid, pid_t tid)
{
    uint64_t *switches = context;
    char line[256];
    unsigned long long number;
    snprintf(line, sizeof line, "/proc/%d/task/%d/status", pid, tid);
    FILE *file = fopen(line, "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "voluntary_ctxt_switches: %llu", &number) == 1 ||
            sscanf(line, "nonvoluntary_ctxt_switches: %llu", &number) == 1)
            *switches += number;
    }
    fclose(file);
}

/* False: the process has ended. */
static bool read_process(struct used_process *process)
{
    struct process_state state;
    if (!process_state_read(process->pid, &state) ||
        (process->started && state.started != process->started))
        return false;
    process->started = state.started;
    double cpu_s = cpu_seconds(process->pid);
    if (cpu_s > process->now.cpu_s) {
        process->now.cpu_s = cpu_s;
        process->now.user_s = state.user_s;
        process->now.system_s = state.system_s;
        process->now.faults = state.minor_faults + state.major_faults;
    }
    if (process->readings++ % SWITCHES_EVERY == 0) {
        uint64_t switches = 0;
        process_tree_each_thread(process->pid, add_switches, &switches);
        if (switches > process->now.switches)
            process->now.switches = switches;
    }
    return true;
}

static struct used_process *add(struct process_usage *usage, pid_t pid)
{
    for (size_t i = 0; i < usage->count; i++) {
        if (usage->processes[i].pid == pid)
            return NULL;
    }
    if (usage->count == PROCESSES_MAX)
        return NULL;
    if (usage->count == usage->capacity) {
        size_t capacity = 2 * usage->capacity + 16;
        void *more = reallocarray(usage->processes, capacity, sizeof *usage->processes);
        if (!more)
            return NULL;
        usage->processes = more;
        usage->capacity = capacity;
    }
    struct used_process *process = &usage->processes[usage->count++];
    *process = (struct used_process){.pid = pid};
    return process;
}

void process_usage_add(struct process_usage *usage, pid_t pid)
{
    struct used_process *process = add(usage, pid);
    if (process && read_process(process))
        process->before = process->now;
}

void process_usage_add_new(struct process_usage *usage, pid_t pid)
{
    add(usage, pid);
}

/* The exact sum is shared out as the clock ticks of both are: these are too coarse alone. */
static void add_up(struct process_usage *usage, const struct used_process *process)
{
    const struct used *before = &process->before, *now = &process->now;
    double user = now->user_s - before->user_s, system = now->system_s - before->system_s;
    double cpu = now->cpu_s - before->cpu_s, ticks = user + system;
    double part = ticks > 0 ? user / ticks : 1;
    usage->user_s += part * cpu;
    usage->system_s += (1 - part) * cpu;
    usage->switches += now->switches - before->switches;
    usage->faults += now->faults - before->faults;
}

void process_usage_tick(struct process_usage *usage)
{
    for (size_t i = usage->count; i-- > 0;) {
        struct used_process *process = &usage->processes[i];
        if (read_process(process)) {
            uint64_t resident = resident_total(process->pid);
            if (resident > usage->max_resident)
                usage->max_resident = resident;
            continue;
        }
        add_up(usage, process);
        *process = usage->processes[--usage->count];
    }
}

void process_usage_finish(struct process_usage *usage)
{
    for (size_t i = 0; i < usage->count; i++)
        usage->processes[i].readings = 0; /* with the switches */
    process_usage_tick(usage);
    for (size_t i = 0; i < usage->count; i++)
        add_up(usage, &usage->processes[i]);
    free(usage->processes);
    usage->processes = NULL;
    usage->count = usage->capacity = 0;
}
