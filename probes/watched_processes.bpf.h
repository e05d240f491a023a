/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * Which processes are watched: those that user space enters into the map, by their numbers, and
 * their descendants, which enter it when they are forked. A process that has ended stays until its
 * number is free again, since tearing its memory down is its time too.
 *
 * The includer has defined `struct watched_process`, plain data with a field `ended`, and the bound
 * WATCHED_PROCESSES, and includes kernel_types_small.h; its programs on the tracepoints
 * sched_process_fork, _exit and _free call the functions of the same names.
 */
#ifndef HAKMEM_WATCHED_PROCESSES_BPF_H
#define HAKMEM_WATCHED_PROCESSES_BPF_H

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_PROCESSES);
    __type(key, __u32);
    __type(value, struct watched_process);
} processes SEC(".maps");

static __always_inline struct watched_process *current_process(void)
{
    __u32 process = bpf_get_current_pid_tgid() >> 32;
    return bpf_map_lookup_elem(&processes, &process);
}

/* A child begins with what is known of its parent. False: no room for it. */
static __always_inline bool watched_fork(const struct task_struct *parent,
                                         const struct task_struct *child)
{
    __u32 from = parent->tgid, to = child->tgid;
    if (from == to)
        return true; /* a thread */
    struct watched_process *process = bpf_map_lookup_elem(&processes, &from);
    if (!process) {
        bpf_map_delete_elem(&processes, &to); /* its number was one of ours until a moment ago */
        return true;
    }
    struct watched_process inherited = *process;
    return bpf_map_update_elem(&processes, &to, &inherited, BPF_ANY) == 0;
}

/* A thread ends. False: it is of no watched process. */
static __always_inline bool watched_exit(const struct task_struct *task)
{
    __u32 id = task->tgid;
    struct watched_process *process = bpf_map_lookup_elem(&processes, &id);
    if (!process)
        return false;
    if (task->signal->live.counter == 0)
        process->ended = 1;
    return true;
}

/* Where the number was given out again the entry is the new process's, which has not ended. */
static __always_inline void watched_free(const struct task_struct *task)
{
    __u32 id = task->tgid;
    if (task->pid != task->tgid)
        return;
    struct watched_process *process = bpf_map_lookup_elem(&processes, &id);
    if (process && process->ended)
        bpf_map_delete_elem(&processes, &id);
}

#endif
