/* SPDX-License-Identifier: MIT */
/*
 * Memory in time: what was resident, live and retained at moments of a program's run, as many as
 * there is room for. When it is full every second moment is left out, and those to come are twice
 * as far apart, so that a long run is told as evenly as a short one.
 */
#ifndef ANALYSIS_MEMORY_SERIES_H
#define ANALYSIS_MEMORY_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "counted.h"

enum { MEMORY_MOMENTS_MAX = 200 };

/* In bytes, of all processes that count together. */
struct memory_moment {
    double at; /* seconds of the monotonic clock */
    uint64_t resident;
    bool counted; /* the other two are known */
    uint64_t live, retained;
};

struct memory_series {
    struct counted counted;
    pid_t root;        /* stands for all where none counts; 0: none does */
    double share;      /* what looking may take of the time */
    double look_s;     /* seconds that it took */
    double every;      /* seconds between moments, at least */
    double not_before; /* seconds of the monotonic clock */
    struct memory_moment moments[MEMORY_MOMENTS_MAX];
    size_t count;
};

void memory_series_tick(struct memory_series *series);

#endif
