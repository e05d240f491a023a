// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Who is watched. Children enter the map of watched processes when they are forked and leave it
 * when their last thread exits. With a process goes what is known of it: where its arena is.
 */
#include "slow_path_events.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

struct watched_events watched[WATCHED_SLOTS][WATCHED_KINDS];
__u64 lost[WATCHED_LOSSES];
__u64 ended_cpu_ns; /* CPU time of watched processes that have ended */

struct map_of_processes processes SEC(".maps");
struct map_of_threads threads SEC(".maps");

SEC("usdt")
int BPF_USDT(slow_path_reserve, __u64 address, __u64 bytes)
{
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    process->low = address;
    process->high = address + bytes;
    return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(slow_path_fork, struct task_struct *parent, struct task_struct *child)
{
    __u32 from = parent->tgid, to = child->tgid;
    if (from == to)
        return 0; /* a thread */
    struct watched_process *process = bpf_map_lookup_elem(&processes, &from);
    if (!process)
        return 0;
    struct watched_process inherited = *process;
    inherited.ended_threads_ns = 0;
    if (bpf_map_update_elem(&processes, &to, &inherited, BPF_ANY))
        add(&lost[WATCHED_LOST_PROCESSES], 1);
    return 0;
}

/* A new program: no arena yet, and no thread of the old one is in a slow path. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(slow_path_exec, struct task_struct *task, int old_id)
{
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    __u32 old = old_id, id = task->pid;
    process->low = process->high = 0;
    process->code_low = process->code_high = 0;
    bpf_map_delete_elem(&threads, &old);
    bpf_map_delete_elem(&threads, &id);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(slow_path_exit, struct task_struct *task)
{
    __u32 process_id = task->tgid, id = task->pid;
    struct watched_process *process = bpf_map_lookup_elem(&processes, &process_id);
    if (!process)
        return 0;
    bpf_map_delete_elem(&threads, &id);
    add(&process->ended_threads_ns, task->se.sum_exec_runtime);
    if (task->signal->live.counter == 0) {
        add(&ended_cpu_ns, process->ended_threads_ns);
        bpf_map_delete_elem(&processes, &process_id);
    }
    return 0;
}
