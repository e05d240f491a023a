// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Waits for libhakmem's own locks, and how much of them the thread was off the processor.
 *
 * A switch between threads is looked at only while some watched thread waits for a lock.
 */
#include "slow_path_events.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_WAITS);
    __type(key, __u32);
    __type(value, struct watched_wait);
} waits SEC(".maps");

__u64 waiting; /* entries of the map */

SEC("usdt")
int BPF_USDT(slow_path_lock_begin, __u64 lock)
{
    if (!current_process())
        return 0;
    add(&events_of(WATCHED_LOCK_WAIT)->hits, 1);
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    struct watched_wait wait = {.began = bpf_ktime_get_ns()};
    if (bpf_map_update_elem(&waits, &id, &wait, BPF_NOEXIST))
        add(&lost[WATCHED_LOST_WAITS], 1);
    else
        add(&waiting, 1);
    return 0;
}

static __always_inline void forget(__u32 id)
{
    if (bpf_map_delete_elem(&waits, &id) == 0)
        add(&waiting, (__u64)-1);
}

SEC("usdt")
int BPF_USDT(slow_path_lock_end, __u64 lock)
{
    __u64 now = bpf_ktime_get_ns();
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_LOCK_WAIT);
    add(&events->hits, 1);
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    struct watched_wait *wait = bpf_map_lookup_elem(&waits, &id);
    if (!wait)
        return 0;
    record(events, now - wait->began);
    if (wait->off_ns)
        record(events_of(WATCHED_LOCK_OFF_CPU), wait->off_ns);
    forget(id);
    return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(slow_path_switch, bool is_preempted, struct task_struct *from, struct task_struct *to)
{
    if (!waiting)
        return 0;
    __u64 now = bpf_ktime_get_ns();
    __u32 id = from->pid;
    struct watched_wait *wait = bpf_map_lookup_elem(&waits, &id);
    if (wait) {
        wait->left = now;
        add(&events_of(WATCHED_LOCK_OFF_CPU)->hits, 1);
    }
    id = to->pid;
    wait = bpf_map_lookup_elem(&waits, &id);
    if (wait && wait->left) {
        wait->off_ns += now - wait->left;
        wait->left = 0;
        add(&events_of(WATCHED_LOCK_OFF_CPU)->hits, 1);
    }
    return 0;
}

/* A thread that is killed while it waits. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(slow_path_lock_exit, struct task_struct *task)
{
    if (waiting)
        forget(task->pid);
    return 0;
}
