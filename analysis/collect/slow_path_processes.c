/* SPDX-License-Identifier: MIT */
/* Who is watched, and how much processor time they use. */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "slow_path_state.h"

static int map_of(const struct slow_path *slow_path)
{
    return bpf_map__fd(slow_path->programs->maps.processes);
}

static double process_ns(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

/* Of the threads that a process has now. */
static double threads_ns(pid_t pid)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    double sum = 0;
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        unsigned long long ns;
        snprintf(path, sizeof path, "/proc/%d/task/%.32s/schedstat", (int)pid, task->d_name);
        FILE *file = task->d_name[0] != '.' ? fopen(path, "re") : NULL;
        if (file && fscanf(file, "%llu", &ns) == 1)
            sum += (double)ns;
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return sum;
}

int slow_path_watch(struct slow_path *slow_path, pid_t pid)
{
    double used = process_ns(pid), living = threads_ns(pid);
    struct watched_process fresh = {
        .ended_threads_ns = used > living ? (__u64)(used - living) : 0,
    };
    __u32 key = (__u32)pid;
    if (bpf_map_update_elem(map_of(slow_path), &key, &fresh, BPF_NOEXIST) != 0)
        return errno == EEXIST ? 0 : errno;
    slow_path->cpu_at_attach += used;
    return 0;
}

int slow_path_arena(struct slow_path *slow_path, pid_t pid, uint64_t low, uint64_t high)
{
    struct watched_process process;
    __u32 key = (__u32)pid;
    if (bpf_map_lookup_elem(map_of(slow_path), &key, &process) != 0)
        return ESRCH;
    process.low = low;
    process.high = high;
    return bpf_map_update_elem(map_of(slow_path), &key, &process, BPF_EXIST) == 0 ? 0 : errno;
}

int slow_path_watch_self(struct slow_path *slow_path, bool with_arena)
{
    struct watched_process self = {
        .high = with_arena ? UINT64_MAX : 0,
        .code_low = 1, /* known, and elsewhere: as it is for most calls */
        .code_high = 2,
    };
    __u32 key = (__u32)getpid();
    return bpf_map_update_elem(map_of(slow_path), &key, &self, BPF_ANY) == 0 ? 0 : errno;
}

void slow_path_unwatch_self(struct slow_path *slow_path)
{
    __u32 key = (__u32)getpid();
    bpf_map_delete_elem(map_of(slow_path), &key);
    bpf_map_delete_elem(bpf_map__fd(slow_path->programs->maps.threads), &key);
}

int slow_path_attach_processes(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    slow_path->fork = bpf_program__attach(programs->progs.slow_path_fork);
    slow_path->exec = bpf_program__attach(programs->progs.slow_path_exec);
    slow_path->exit = bpf_program__attach(programs->progs.slow_path_exit);
    return slow_path->fork && slow_path->exec && slow_path->exit ? 0 : errno;
}

double slow_path_cpu_ns(const struct slow_path *slow_path)
{
    double total = -slow_path->cpu_at_attach;
    __u32 key, *previous = NULL;
    /* Bounded: when an entry goes while we stand on it, the walk begins anew. */
    for (int steps = 0; steps < 2 * WATCHED_PROCESSES &&
                        bpf_map_get_next_key(map_of(slow_path), previous, &key) == 0;
         steps++) {
        total += process_ns((pid_t)key);
        previous = &key;
    }
    total += (double)slow_path->programs->bss->ended_cpu_ns;
    return total > 0 ? total : 0;
}
