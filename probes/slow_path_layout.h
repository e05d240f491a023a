/* SPDX-License-Identifier: (MIT OR GPL-2.0) */
/*
 * What the eBPF programs of slow_path*.bpf.c and the reader in hakmem-trace share. The includer has
 * __u64 and __u32 (linux/types.h).
 */
#ifndef HAKMEM_SLOW_PATH_LAYOUT_H
#define HAKMEM_SLOW_PATH_LAYOUT_H

enum watched_kind {
    WATCHED_REFILL, /* these two also by size class */
    WATCHED_OVERFLOW,
    WATCHED_REMOTE_COLLECT,
    WATCHED_REMOTE_PUBLISH,
    WATCHED_ARENA,
    WATCHED_PURGE,
    WATCHED_PAGE_FAULT,
    WATCHED_REMOTE_FOUND,
    WATCHED_LOCK_WAIT,
    WATCHED_LOCK_OFF_CPU,
    WATCHED_MALLOC, /* every call, on request */
    WATCHED_FREE,
    WATCHED_REALLOC,
    WATCHED_CALIBRATION,      /* the watcher's own, to learn what a hit costs */
    WATCHED_SYSTEM_CALL = 16, /* one for each pair of a call and an origin; hits at the first */
    WATCHED_KINDS = 32,       /* a power of two: the programs mask with it */
    WATCHED_TIMED = 16,       /* kinds that have a beginning, at most; likewise */
};

enum watched_call {
    WATCHED_MMAP,
    WATCHED_MUNMAP,
    WATCHED_MADVISE,
    WATCHED_MPROTECT,
    WATCHED_MREMAP,
    WATCHED_CALLS
};

/* Whose a system call is. */
enum watched_origin {
    WATCHED_OF_ARENA,   /* the library's, about memory of the arena */
    WATCHED_OF_LIBRARY, /* the library's, about other memory: its tables, huge blocks */
    WATCHED_OF_PROGRAM, /* made by other code: the program's, the loader's */
    WATCHED_ORIGINS
};

/* What a map was too full for. */
enum watched_loss {
    WATCHED_LOST_PROCESSES,
    WATCHED_LOST_THREADS, /* events of threads more than the map holds */
    WATCHED_LOST_WAITS,   /* for locks */
    WATCHED_LOST_SIZES,   /* blocks of sizes more than the map holds */
    WATCHED_LOSSES
};

enum {
    WATCHED_BUCKETS = 40, /* bucket b: [2^b, 2^(b+1)), bucket 0 also 0 */
    WATCHED_SLOTS = 64,   /* processors share a slot when there are more of them */
    WATCHED_CLASSES = 64, /* as HAK_COUNTER_CLASSES; a power of two */
    WATCHED_BY_CLASS = 2, /* kinds told apart by size class: the first ones */
    WATCHED_PROCESSES = 16384,
    WATCHED_THREADS = 16384,
    WATCHED_WAITS = 16384,
    WATCHED_SIZES = 16384,
};

/* Written by the programs with atomic additions: a program can be preempted half-way by another one
 * on the same processor. Read by the watcher, through shared memory, at any time. */
struct watched_events {
    __u64 hits;  /* times a program ran for a watched process: what watching costs */
    __u64 count; /* completed events */
    __u64 total; /* nanoseconds, or blocks, or bytes */
    __u64 max;
    __u64 bytes; /* that a timed event was about; 0 where that has no meaning */
    __u64 histogram[WATCHED_BUCKETS];
};

struct watched_class {
    __u64 count, total, max; /* nanoseconds */
};

/* A watched process, by its id. */
struct watched_process {
    __u64 low;              /* the arena's range; 0, 0 until it is reserved */
    __u64 high;             /* exclusive */
    __u64 code_low;         /* the library's code; 0, 0 until it is seen at work */
    __u64 code_high;        /* exclusive */
    __u64 ended_threads_ns; /* CPU time of its threads that have ended */
};

/* A thread that has been in a slow path, by its id. */
struct watched_thread {
    __u64 began[WATCHED_TIMED]; /* when it entered; 0: it is not in one */
    __u64 call_began;           /* a system call, likewise */
    __u64 call_address, call_bytes;
    __u32 is_ours; /* the call came from the library's code */
};

/* A thread that waits for a lock of the library, by its id. */
struct watched_wait {
    __u64 began;
    __u64 left; /* when it left the processor; 0: it has one */
    __u64 off_ns;
};

#endif
