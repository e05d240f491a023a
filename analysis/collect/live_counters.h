/* SPDX-License-Identifier: MIT */
/*
 * The counters of processes that run, read again and again in their memory, without stopping them:
 * what they counted since they are watched. Each process is read once right away; the last reading
 * before its end, or before it executes another program, stands for what it counted until then.
 * What the same processes use is read with them.
 */
#ifndef ANALYSIS_LIVE_COUNTERS_H
#define ANALYSIS_LIVE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counted.h"
#include "counters.h"
#include "process_usage.h"

struct live_image;

struct live_counters {
    struct live_image *images; /* one a process that is watched */
    size_t count, capacity;
    struct counters counters; /* of images that ended, and of all when it is finished */
    struct process_usage usage;
    uint64_t passed_over; /* processes too many, or gone before they were read */
    int error;            /* errno of the last reading that was refused; 0: none was */
    double not_before;    /* seconds of the monotonic clock: the next reading */
};

/* A process that runs: what it has counted so far is left out. */
void live_counters_add(struct live_counters *live, pid_t pid);

/* Reads them all; to be called every 20 to 100 ms. Takes no more than a small part of the time. */
void live_counters_tick(struct live_counters *live);

/* Those whose reading worked, for whoever reads counters while they run. */
struct counted live_counters_counted(struct live_counters *live);

/* Calls `take` with the range that each process reserved for its blocks. */
void live_counters_each_arena(const struct live_counters *live,
                              void (*take)(void *context, pid_t pid, uint64_t low, uint64_t high),
                              void *context);

/* Reads for the last time, and adds everything up in `live->counters`. */
void live_counters_finish(struct live_counters *live);

#endif
