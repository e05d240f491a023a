/* SPDX-License-Identifier: MIT */
/*
 * Slow-path events of libhakmem, counted and timed in the kernel by eBPF programs on its USDT
 * probes (probes/slow_path.bpf.c), for a process and all its descendants.
 */
#ifndef ANALYSIS_SLOW_PATH_H
#define ANALYSIS_SLOW_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SLOW_PATH_BUCKETS = 40
}; /* bucket b holds latencies of [2^b, 2^(b+1)) ns; bucket 0 also 0 ns */

enum slow_path_kind {
    SLOW_PATH_REFILL,         /* refill_begin .. refill_end */
    SLOW_PATH_OVERFLOW,       /* overflow_begin .. overflow_end */
    SLOW_PATH_REMOTE_COLLECT, /* remote_collect_begin .. _end */
    SLOW_PATH_REMOTE_PUBLISH, /* no latency: batch sizes (blocks) in the histogram */
    SLOW_PATH_ARENA,          /* arena_take_begin .. _end */
    SLOW_PATH_PURGE,          /* purge_begin .. purge_end */
    SLOW_PATH_PAGE_FAULT,     /* page faults whose address lies in the arena; no latency */
    SLOW_PATH_KINDS
};

struct slow_path_events {
    uint64_t count;                        /* events seen while attached */
    uint64_t total;                        /* ns (blocks for SLOW_PATH_REMOTE_PUBLISH) */
    uint64_t histogram[SLOW_PATH_BUCKETS]; /* empty where there is no latency */
    bool watched;                          /* false: the library or the kernel has no such probe */
    bool cut_short;                        /* detached before the end to stay within the budget */
};

struct slow_path_report {
    struct slow_path_events kind[SLOW_PATH_KINDS];
    uint64_t lost; /* events the kernel could not record */
    double seconds_watched;
    double cost_fraction; /* measured cost of watching, as a fraction of the program's CPU time */
};

struct slow_path;

extern const char *const slow_path_names[SLOW_PATH_KINDS];

/* Attach to the probes of `library` for the process `root` and its descendants, before it executes
 * its program. NULL on failure, or where eBPF was not built in: then `why` holds one line that says
 * what is missing and what would bring it. */
struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256]);

/* `pid` runs already and is watched from now on, too. */
void slow_path_watch(struct slow_path *slow_path, pid_t pid);

/* The range that a watched process reserved for its blocks, where it did so before it was watched:
 * its page faults are those from `low` to below `high`. */
void slow_path_arena(struct slow_path *slow_path, pid_t pid, uint64_t low, uint64_t high);

/* To be called about every 20 ms: detaches the busiest probes once their hits cost more than
 * `budget` (a fraction of CPU time: 0.01 is 1 %). */
void slow_path_tick(struct slow_path *slow_path);

/* What was seen until now; it goes on. */
void slow_path_read(const struct slow_path *slow_path, struct slow_path_report *report);

/* Detaches everything and reads the result. Frees slow_path. */
void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report);

#endif
