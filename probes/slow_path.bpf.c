// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Counts and times the slow paths of libhakmem in the kernel, for one process and its descendants.
 *
 * A probe fires in every process that has the library; the first thing each program does is to look
 * whether the process is watched. Children enter the map of watched processes when they are forked
 * and leave it when their last thread exits. Which slow path a probe belongs to is its cookie.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/usdt.bpf.h>

#include "slow_path_kernel.h"
#include "slow_path_layout.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

/* Globals are one array that the watcher maps: reading them costs it no system call. */
struct watched_events watched[WATCHED_SLOTS][WATCHED_KINDS];
__u64 lost;         /* events and processes a full map could not take */
__u64 ended_cpu_ns; /* CPU time of watched processes that have ended */

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_PROCESSES);
    __type(key, __u32);
    __type(value, struct watched_process);
} processes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_THREADS);
    __type(key, __u32);
    __type(value, struct watched_thread);
} threads SEC(".maps");

static __always_inline struct watched_process *current_process(void)
{
    __u32 process = bpf_get_current_pid_tgid() >> 32;
    return bpf_map_lookup_elem(&processes, &process);
}

static __always_inline struct watched_events *events_of(__u32 kind)
{
    return &watched[bpf_get_smp_processor_id() & (WATCHED_SLOTS - 1)][kind & (WATCHED_KINDS - 1)];
}

static __always_inline void add(__u64 *counter, __u64 amount)
{
    __sync_fetch_and_add(counter, amount);
}

static __always_inline __u32 bucket_of(__u64 value)
{
    __u32 bucket = 0;
    if (value >> 32) {
        bucket += 32;
        value >>= 32;
    }
    if (value >> 16) {
        bucket += 16;
        value >>= 16;
    }
    if (value >> 8) {
        bucket += 8;
        value >>= 8;
    }
    if (value >> 4) {
        bucket += 4;
        value >>= 4;
    }
    if (value >> 2) {
        bucket += 2;
        value >>= 2;
    }
    if (value >> 1)
        bucket += 1;
    return bucket < WATCHED_BUCKETS ? bucket : WATCHED_BUCKETS - 1;
}

static __always_inline void record(struct watched_events *events, __u64 value)
{
    __u32 bucket = bucket_of(value);
    add(&events->count, 1);
    add(&events->total, value);
    if (bucket < WATCHED_BUCKETS)
        add(&events->histogram[bucket], 1);
}

SEC("usdt")
int BPF_USDT(slow_path_begin)
{
    if (!current_process())
        return 0;
    __u32 kind = bpf_usdt_cookie(ctx) & (WATCHED_KINDS - 1);
    add(&events_of(kind)->hits, 1);

    __u32 id = (__u32)bpf_get_current_pid_tgid();
    struct watched_thread *thread = bpf_map_lookup_elem(&threads, &id);
    if (!thread) {
        struct watched_thread fresh = {};
        bpf_map_update_elem(&threads, &id, &fresh, BPF_NOEXIST);
        thread = bpf_map_lookup_elem(&threads, &id);
    }
    if (thread)
        thread->began[kind] = bpf_ktime_get_ns();
    else
        add(&lost, 1);
    return 0;
}

SEC("usdt")
int BPF_USDT(slow_path_end)
{
    __u64 now = bpf_ktime_get_ns();
    if (!current_process())
        return 0;
    __u32 kind = bpf_usdt_cookie(ctx) & (WATCHED_KINDS - 1);
    struct watched_events *events = events_of(kind);
    add(&events->hits, 1);

    __u32 id = (__u32)bpf_get_current_pid_tgid();
    struct watched_thread *thread = bpf_map_lookup_elem(&threads, &id);
    if (!thread || !thread->began[kind])
        return 0;
    record(events, now - thread->began[kind]);
    thread->began[kind] = 0;
    return 0;
}

/* No latency: the size of the batch is what tells. */
SEC("usdt")
int BPF_USDT(slow_path_publish, __u64 owner, __u64 class, __u64 blocks)
{
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_REMOTE_PUBLISH);
    add(&events->hits, 1);
    record(events, blocks);
    return 0;
}

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

static __always_inline int page_fault(__u64 address)
{
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    struct watched_events *events = events_of(WATCHED_PAGE_FAULT);
    add(&events->hits, 1);
    if (address >= process->low && address < process->high)
        add(&events->count, 1);
    return 0;
}

SEC("tp_btf/page_fault_user")
int BPF_PROG(slow_path_fault_user, unsigned long address)
{
    return page_fault(address);
}

/* The kernel faults a program's memory in, too: read() into a block never touched before. */
SEC("tp_btf/page_fault_kernel")
int BPF_PROG(slow_path_fault_kernel, unsigned long address)
{
    return page_fault(address);
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
    struct watched_process inherited = {process->low, process->high, 0};
    if (bpf_map_update_elem(&processes, &to, &inherited, BPF_ANY))
        add(&lost, 1);
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
