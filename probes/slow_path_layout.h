/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * What the eBPF programs of slow_path.bpf.c and the reader in hakmem-trace share. The includer has
 * __u64 and __u32 (linux/types.h).
 */
#ifndef HAKMEM_SLOW_PATH_LAYOUT_H
#define HAKMEM_SLOW_PATH_LAYOUT_H

enum watched_kind {
    WATCHED_REFILL,
    WATCHED_OVERFLOW,
    WATCHED_REMOTE_COLLECT,
    WATCHED_REMOTE_PUBLISH,
    WATCHED_ARENA,
    WATCHED_PURGE,
    WATCHED_PAGE_FAULT,
    WATCHED_CALIBRATION, /* the watcher's own, to learn what a hit costs */
    WATCHED_KINDS,       /* a power of two: the programs mask with it */
};

enum {
    WATCHED_BUCKETS = 40, /* bucket b: [2^b, 2^(b+1)), bucket 0 also 0 */
    WATCHED_SLOTS = 64,   /* processors share a slot when there are more of them */
    WATCHED_PROCESSES = 16384,
    WATCHED_THREADS = 16384,
};

/* Written by the programs with atomic additions: a program can be preempted half-way by another one
 * on the same processor. Read by the watcher, through shared memory, at any time. */
struct watched_events {
    __u64 hits;  /* times a program ran for a watched process: what watching costs */
    __u64 count; /* completed events */
    __u64 total; /* nanoseconds, or blocks */
    __u64 histogram[WATCHED_BUCKETS];
};

/* A watched process, by its id. */
struct watched_process {
    __u64 low;              /* the arena's range; 0, 0 until it is reserved */
    __u64 high;             /* exclusive */
    __u64 ended_threads_ns; /* CPU time of its threads that have ended */
};

/* A thread that has been in a slow path, by its id. */
struct watched_thread {
    __u64 began[WATCHED_KINDS]; /* when it entered; 0: it is not in one */
};

#endif
