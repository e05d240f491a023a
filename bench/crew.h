/* SPDX-License-Identifier: MIT */
/* A workload's threads: they start their work together, and their results are added up. */
#ifndef BENCH_CREW_H
#define BENCH_CREW_H

#include "workload.h"

#define CREW_MAX 4096

/* What one thread is given and gives back; on cache lines of its own. */
struct crew_member {
    _Alignas(128) const uint64_t *numbers;
    void *shared;   /* the workload's own */
    uint64_t index; /* 0 to count - 1 */

    /* Written by the thread, read when it has ended. */
    uint64_t operations;
    uint64_t checksum;
    bool done;
};

/* Runs `work` in `count` threads, which start at one moment, and waits for them. A count of one
 * runs in the calling thread, so that a program of one thread stays one. Operations and checksums
 * are added to `result` and so is the time from the start to the end of the last. False: a thread
 * could not be started (then none has worked), or one returned false. */
bool crew_run(uint64_t count, bool (*work)(struct crew_member *member), const uint64_t *numbers,
              void *shared, struct workload_result *result);

/* Runs `work` in a new thread and waits for its end. False: it could not be started. */
bool crew_new_thread(void *(*work)(void *), void *argument);

#endif
