/* SPDX-License-Identifier: MIT */
/* What time it is, and what has been used of it. */
#ifndef ANALYSIS_CLOCK_H
#define ANALYSIS_CLOCK_H

#include <stdint.h>
#include <sys/resource.h>
#include <time.h>

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return 1000000000u * (uint64_t)time.tv_sec + (uint64_t)time.tv_nsec;
}

/* Seconds of the monotonic clock. */
static inline double clock_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static inline double clock_seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* Processor time, in seconds, of RUSAGE_SELF or RUSAGE_CHILDREN. */
static inline double clock_cpu_seconds(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return clock_seconds_of(usage.ru_utime) + clock_seconds_of(usage.ru_stime);
}

#endif
