// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Counts and times the slow paths of libhakmem in the kernel, for one process and its descendants.
 *
 * A probe fires in every process that has the library; the first thing each program does is to look
 * whether the process is watched. Which slow path a probe belongs to is its cookie.
 */
#include "slow_path_events.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

struct watched_class classes[WATCHED_SLOTS][WATCHED_BY_CLASS][WATCHED_CLASSES];

SEC("usdt")
int BPF_USDT(slow_path_begin)
{
    if (!current_process())
        return 0;
    __u32 kind = bpf_usdt_cookie(ctx) & (WATCHED_TIMED - 1);
    add(&events_of(kind)->hits, 1);
    struct watched_thread *thread = current_thread();
    if (thread)
        thread->began[kind] = bpf_ktime_get_ns();
    return 0;
}

/* The end of a kind; its events where it was timed, and then how long it took. */
static __always_inline struct watched_events *end_of(__u32 kind, __u64 now, __u64 *taken)
{
    if (!current_process())
        return NULL;
    struct watched_events *events = events_of(kind);
    add(&events->hits, 1);
    __u64 began = take_beginning(kind);
    if (!began)
        return NULL;
    *taken = now - began;
    record(events, *taken);
    return events;
}

SEC("usdt")
int BPF_USDT(slow_path_end)
{
    __u64 taken, now = bpf_ktime_get_ns();
    end_of(bpf_usdt_cookie(ctx), now, &taken);
    return 0;
}

SEC("usdt")
int BPF_USDT(slow_path_class_end, __u64 class)
{
    __u64 taken, now = bpf_ktime_get_ns();
    __u32 kind = bpf_usdt_cookie(ctx);
    if (!end_of(kind, now, &taken) || kind >= WATCHED_BY_CLASS)
        return 0;
    struct watched_class *one =
        &classes[current_slot()][kind & (WATCHED_BY_CLASS - 1)][class & (WATCHED_CLASSES - 1)];
    add(&one->count, 1);
    add(&one->total, taken);
    raise(&one->max, taken);
    return 0;
}

SEC("usdt")
int BPF_USDT(slow_path_purge_end, __u64 address, __u64 bytes)
{
    __u64 taken, now = bpf_ktime_get_ns();
    struct watched_events *events = end_of(WATCHED_PURGE, now, &taken);
    if (events)
        add(&events->bytes, bytes);
    return 0;
}

/* How many blocks the owner finds is the other end of what others publish. */
SEC("usdt")
int BPF_USDT(slow_path_collect_end, __u64 owner, __u64 blocks)
{
    __u64 taken, now = bpf_ktime_get_ns();
    if (end_of(WATCHED_REMOTE_COLLECT, now, &taken))
        record(events_of(WATCHED_REMOTE_FOUND), blocks);
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
