/* SPDX-License-Identifier: MIT */
/* What the processor itself counts of a command outside the kernel, where it has counters that may
 * be used (a PMU). */
#ifndef ANALYSIS_HARDWARE_COUNTERS_H
#define ANALYSIS_HARDWARE_COUNTERS_H

#include <stdbool.h>

enum hardware_counter {
    HARDWARE_CYCLES,
    HARDWARE_INSTRUCTIONS,
    HARDWARE_BRANCHES,
    HARDWARE_BRANCH_MISSES,
    HARDWARE_CACHE_MISSES, /* of the last level, as the processor defines it */
    HARDWARE_TLB_MISSES,   /* of loads of data */
    HARDWARE_COUNTERS
};

struct hardware_counters {
    int of[HARDWARE_COUNTERS]; /* descriptors; -1: not open */
};

/* On this process, for what it starts from now on: each begins to count when its child executes a
 * program, and counts its descendants. False, and nothing is open, where the processor has no
 * cycles and instructions to count; what else is missing stays -1. */
bool hardware_counters_open(struct hardware_counters *counters);
void hardware_counters_close(struct hardware_counters *counters);

/* NAN: not counted. Where there are more events than counters the kernel lets them take turns, and
 * counts are scaled up to the whole time. */
double hardware_counters_read(const struct hardware_counters *counters,
                              enum hardware_counter which);

#endif
