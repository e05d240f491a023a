/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * What the families of eBPF programs have in common: who is watched, and where events are counted.
 * It is defined in slow_path_processes.bpf.c; the families are linked into one object.
 */
#ifndef HAKMEM_SLOW_PATH_EVENTS_H
#define HAKMEM_SLOW_PATH_EVENTS_H

#include "kernel_types.h"
#include "slow_path_layout.h"

/* Globals are one array that the watcher maps: reading them costs it no system call. */
extern struct watched_events watched[WATCHED_SLOTS][WATCHED_KINDS];
extern __u64 lost[WATCHED_LOSSES];

struct map_of_processes {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_PROCESSES);
    __type(key, __u32);
    __type(value, struct watched_process);
};

struct map_of_threads {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_THREADS);
    __type(key, __u32);
    __type(value, struct watched_thread);
};

extern struct map_of_processes processes SEC(".maps");
extern struct map_of_threads threads SEC(".maps");

static __always_inline struct watched_process *current_process(void)
{
    __u32 process = bpf_get_current_pid_tgid() >> 32;
    return bpf_map_lookup_elem(&processes, &process);
}

static __always_inline void add(__u64 *counter, __u64 amount)
{
    __sync_fetch_and_add(counter, amount);
}

/* Not for a thread's first event: it has been in no slow path. */
static __always_inline struct watched_thread *known_thread(void)
{
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    return bpf_map_lookup_elem(&threads, &id);
}

/* NULL, and counted as lost, where the map is full. */
static __always_inline struct watched_thread *current_thread(void)
{
    static const struct watched_thread fresh;
    struct watched_thread *thread = known_thread();
    if (thread)
        return thread;
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    bpf_map_update_elem(&threads, &id, &fresh, BPF_NOEXIST);
    thread = bpf_map_lookup_elem(&threads, &id);
    if (!thread)
        add(&lost[WATCHED_LOST_THREADS], 1);
    return thread;
}

static __always_inline __u32 current_slot(void)
{
    return bpf_get_smp_processor_id() & (WATCHED_SLOTS - 1);
}

static __always_inline struct watched_events *events_of(__u32 kind)
{
    return &watched[current_slot()][kind & (WATCHED_KINDS - 1)];
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

/* Given up after some tries: a processor's slot is contended by preemption alone. */
static __always_inline void raise(__u64 *most, __u64 value)
{
    for (int tries = 0; tries < 4; tries++) {
        __u64 before = *(volatile __u64 *)most;
        if (value <= before || __sync_val_compare_and_swap(most, before, value) == before)
            return;
    }
}

static __always_inline void record(struct watched_events *events, __u64 value)
{
    __u32 bucket = bucket_of(value);
    add(&events->count, 1);
    add(&events->total, value);
    raise(&events->max, value);
    if (bucket < WATCHED_BUCKETS)
        add(&events->histogram[bucket], 1);
}

/* When the current thread entered; 0: its beginning was not seen. */
static __always_inline __u64 take_beginning(__u32 kind)
{
    struct watched_thread *thread = known_thread();
    if (!thread)
        return 0;
    __u64 began = thread->began[kind & (WATCHED_TIMED - 1)];
    thread->began[kind & (WATCHED_TIMED - 1)] = 0;
    return began;
}

#endif
