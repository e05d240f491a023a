/* SPDX-License-Identifier: MIT */
/*
 * Slow-path events of libhakmem, counted and timed in the kernel by eBPF programs on its USDT
 * probes and on the kernel's own work for it (probes/slow_path_*.bpf.c), for a process and all its
 * descendants.
 */
#ifndef ANALYSIS_SLOW_PATH_H
#define ANALYSIS_SLOW_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SLOW_PATH_BUCKETS = 40, /* bucket b holds latencies of [2^b, 2^(b+1)) ns; bucket 0 also 0 ns */
    SLOW_PATH_CLASSES = 64, /* as HAK_COUNTER_CLASSES of src/counter_layout.h */
    SLOW_PATH_BY_CLASS = 2, /* kinds told apart by size class: refill and overflow */
};

enum slow_path_kind {
    SLOW_PATH_REFILL,         /* refill_begin .. refill_end */
    SLOW_PATH_OVERFLOW,       /* overflow_begin .. overflow_end */
    SLOW_PATH_REMOTE_COLLECT, /* remote_collect_begin .. _end */
    SLOW_PATH_REMOTE_PUBLISH, /* no latency: batch sizes (blocks) in the histogram */
    SLOW_PATH_ARENA,          /* arena_take_begin .. _end */
    SLOW_PATH_PURGE,          /* purge_begin .. purge_end; bytes: purged */
    SLOW_PATH_PAGE_FAULT,     /* page faults whose address lies in the arena */
    SLOW_PATH_REMOTE_FOUND,   /* no latency: blocks that a collect found */
    SLOW_PATH_LOCK_WAIT,      /* lock_wait_begin .. _end: waits for libhakmem's own locks */
    SLOW_PATH_LOCK_OFF_CPU,   /* those of them in which the thread left the processor: how long */
    SLOW_PATH_MALLOC,         /* no latency: sizes in bytes; on request */
    SLOW_PATH_FREE,           /* number only; on request */
    SLOW_PATH_REALLOC,        /* no latency: sizes in bytes; on request */
    SLOW_PATH_KINDS
};

/* System calls about memory, and whose they are. */
enum slow_path_call {
    SLOW_PATH_MMAP,
    SLOW_PATH_MUNMAP,
    SLOW_PATH_MADVISE,
    SLOW_PATH_MPROTECT,
    SLOW_PATH_MREMAP,
    SLOW_PATH_CALLS
};
enum slow_path_origin {
    SLOW_PATH_OF_ARENA,   /* made by the library, about memory of the arena */
    SLOW_PATH_OF_LIBRARY, /* made by the library, about other memory: its tables, huge blocks */
    SLOW_PATH_OF_PROGRAM, /* made by any other code */
    SLOW_PATH_ORIGINS
};

struct slow_path_events {
    uint64_t count; /* events seen while attached */
    uint64_t total; /* ns; blocks of REMOTE_PUBLISH and _FOUND; bytes of MALLOC and REALLOC */
    uint64_t max;   /* of one event, likewise; 0 where there is only a number */
    uint64_t bytes; /* that timed events were about: PURGE and system calls; else 0 */
    uint64_t histogram[SLOW_PATH_BUCKETS]; /* empty where there is only a number */
    bool watched;                          /* false: the library or the kernel has no such probe */
    bool timed;                            /* false: `total` is no time */
    bool cut_short;                        /* detached before the end to stay within the budget */

    uint64_t hits;        /* times that watching interrupted the program */
    double cost_ns;       /* of one of them, as measured on this machine */
    double cost_fraction; /* of the program's CPU time that they took */
};

struct slow_path_class {
    uint64_t count, total, max; /* ns */
};

struct slow_path_size {
    uint64_t bytes, count; /* blocks handed out that were asked for with so many bytes */
};

enum slow_path_loss {
    SLOW_PATH_LOST_PROCESSES, /* not watched */
    SLOW_PATH_LOST_THREADS,   /* events of threads too many to be kept apart */
    SLOW_PATH_LOST_WAITS,     /* waits for locks, likewise */
    SLOW_PATH_LOST_SIZES,     /* calls of malloc: counted, but not by size */
    SLOW_PATH_LOSSES
};

/* What a kernel offers varies: how these are watched here, as one line each. */
enum slow_path_instrument {
    SLOW_PATH_BY_FAULTS,
    SLOW_PATH_BY_CALLS,
    SLOW_PATH_BY_SWITCHES,
    SLOW_PATH_INSTRUMENTS
};
struct slow_path_how {
    const char *name;
    char how[160];
    bool best; /* false: the report should say what is missing */
};

struct slow_path_report {
    struct slow_path_events kind[SLOW_PATH_KINDS];
    struct slow_path_events call[SLOW_PATH_CALLS]
                                [SLOW_PATH_ORIGINS]; /* cost: of all, at OF_ARENA */
    struct slow_path_class by_class[SLOW_PATH_BY_CLASS][SLOW_PATH_CLASSES];
    struct slow_path_size *sizes; /* on request; ascending; to be freed by slow_path_forget */
    size_t size_count;
    uint64_t lost; /* events the kernel could not record: the sum of the next */
    uint64_t lost_by[SLOW_PATH_LOSSES];
    struct slow_path_how how[SLOW_PATH_INSTRUMENTS];
    bool every_call;
    double seconds_watched;
    double cost_fraction; /* measured cost of watching, as a fraction of the program's CPU time */
};

struct slow_path;

extern const char *const slow_path_names[SLOW_PATH_KINDS];
extern const char *const slow_path_call_names[SLOW_PATH_CALLS];
extern const char *const slow_path_origin_names[SLOW_PATH_ORIGINS];
extern const char *const slow_path_loss_names[SLOW_PATH_LOSSES];

/* Attach to the probes of `library` for the process `root` and its descendants. `root` waits before
 * it executes its program, or is a process that already runs: then it is watched from now on with
 * all its threads, slow_path_watch adds descendants it has already, and slow_path_arena says where
 * an arena is whose probe fired long ago. NULL on failure, or where eBPF was not built in: then
 * `why` holds one line that says what is missing and what would bring it. */
struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256]);

/* Adds a process that runs, with all its threads and the children it will have. 0, or an errno
 * value. */
int slow_path_watch(struct slow_path *slow_path, pid_t pid);

/* The arena of a watched process: from `low` up to, but not including, `high`. 0, or an errno
 * value; ESRCH: it is not watched. */
int slow_path_arena(struct slow_path *slow_path, pid_t pid, uint64_t low, uint64_t high);

/* Also watches every call of malloc, free and realloc, whatever it costs: the budget is not for
 * these. To be called before the program runs. The nanoseconds that one call becomes longer by;
 * negative where it failed, with a reason in `why`. */
double slow_path_every_call(struct slow_path *slow_path, char why[256]);

/* To be called about every 20 ms: detaches the busiest probes once their hits cost more than
 * `budget` (a fraction of CPU time: 0.01 is 1 %). */
void slow_path_tick(struct slow_path *slow_path);

/* What was seen until now; it goes on. */
void slow_path_read(const struct slow_path *slow_path, struct slow_path_report *report);

/* Detaches everything and reads the result. Frees slow_path. */
void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report);

/* Frees what the report holds. */
void slow_path_forget(struct slow_path_report *report);

#endif
