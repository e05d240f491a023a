/* SPDX-License-Identifier: MIT */
#include "top_processes.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/clock.h"
#include "collect/process_state.h"
#include "collect/running_allocator.h"
#include "top_wait.h"

static struct top_known_process *find(struct top_processes *processes, pid_t pid, uint64_t started)
{
    for (size_t i = 0; i < processes->count; i++) {
        if (processes->known[i].pid == pid && processes->known[i].started == started)
            return &processes->known[i];
    }
    return NULL;
}

static void name_program(struct top_process *process)
{
    char path[32], program[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", process->pid);
    ssize_t length = readlink(path, program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(program, '/');
    snprintf(process->program, sizeof process->program, "%.60s", slash ? slash + 1 : "?");
}

/* Names of allocators are few and constant; a running_allocator is not kept. */
static const char *kept_name(const char *name)
{
    static char names[32][24];
    static size_t count;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return names[i];
    }
    if (count == sizeof names / sizeof names[0])
        return "another";
    snprintf(names[count], sizeof names[0], "%.23s", name);
    return names[count++];
}

static void look_into(struct top_known_process *known)
{
    static struct running_allocator found;
    known->process.pid = known->pid;
    known->is_hidden = !running_allocator_find(known->pid, &found);
    if (known->is_hidden)
        return;
    known->process.allocator = kept_name(found.allocator.name);
    known->process.is_hakmem = found.allocator.is_hakmem;
    name_program(&known->process);
}

static struct top_known_process *take(struct top_processes *processes, pid_t pid,
                                      const struct process_state *state)
{
    struct top_known_process *known = find(processes, pid, state->started);
    char name[PROCESS_NAME];
    process_state_name(pid, name);
    if (known && strcmp(name, known->name) == 0)
        return known;
    if (known) {
        strcpy(known->name, name);
        look_into(known);
        return known;
    }
    if (processes->count == sizeof processes->known / sizeof processes->known[0])
        return NULL;
    known = &processes->known[processes->count++];
    *known = (struct top_known_process){.pid = pid, .started = state->started};
    strcpy(known->name, name);
    look_into(known);
    return known;
}

static void add(struct top_processes *processes, struct top_list *list, pid_t pid)
{
    struct process_state state;
    if (pid == getpid() || !process_state_read(pid, &state) || state.is_kernel_thread ||
        state.state == 'Z' || state.state == 'X' || state.resident == 0) /* about to end */
        return;
    struct top_known_process *known = take(processes, pid, &state);
    double cpu = state.user_s + state.system_s, now = clock_seconds();
    if (known) {
        known->process.cores = known->at_s > 0 ? (cpu - known->cpu_s) / (now - known->at_s) : NAN;
        known->process.resident = state.resident;
        known->cpu_s = cpu;
        known->at_s = now;
    }
    if (!known || known->is_hidden) {
        list->hidden++;
        return;
    }
    if (list->count < TOP_LIST_MAX)
        list->processes[list->count++] = known->process;
}

/* Those that were not seen this time are gone. */
static void forget_the_gone(struct top_processes *processes, double before_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < processes->count; i++) {
        struct top_known_process *known = &processes->known[i];
        if (known->at_s >= before_s)
            processes->known[kept++] = *known;
    }
    processes->count = kept;
}

void top_processes_look(struct top_processes *processes, struct top_list *list)
{
    double began = clock_seconds();
    list->count = list->hidden = 0;
    DIR *folder = opendir("/proc");
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (!*end && pid > 0)
            add(processes, list, (pid_t)pid);
    }
    closedir(folder);
    forget_the_gone(processes, began);
    top_list_sort(list);
}
