/* SPDX-License-Identifier: MIT */
/*
 * Looks at the memory of the processes that count (libhakmem's), again and again while they run,
 * and keeps what it was when most was resident. A look costs a read of one number for each process;
 * only where that number is above all before is the memory taken apart, and never for more than a
 * small part of the time.
 */
#ifndef ANALYSIS_MEMORY_WATCH_H
#define ANALYSIS_MEMORY_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counted.h"
#include "resident.h"

struct memory_watch {
    struct counted counted;
    double share;      /* looks take no more of the time than this, after the first few */
    double look_s;     /* seconds that looks took */
    double not_before; /* seconds of the monotonic clock */
    uint64_t bar;      /* bytes: below, nothing is looked at closely */
    uint64_t looks;
    int error; /* of the last look that failed; 0: none did */

    bool seen;
    pid_t pid; /* whose memory it was */
    double at; /* seconds of the monotonic clock */
    struct resident resident;
    uint64_t live[HAK_COUNTER_CLASSES]; /* bytes in blocks handed out, by size class; of slabs a
                                           magazine of each thread more or less */
    uint64_t live_large;
};

void memory_watch_tick(struct memory_watch *watch);

#endif
