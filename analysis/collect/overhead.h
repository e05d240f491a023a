/* SPDX-License-Identifier: MIT */
/*
 * What watching costs, measured on the spot: short pieces of known work, with and without the
 * sampler's events, turn by turn; the median of the differences. The cost of a run is these times
 * the samples, page faults and context switches it really had.
 */
#ifndef ANALYSIS_OVERHEAD_H
#define ANALYSIS_OVERHEAD_H

#include "aggregate.h"
#include "perf_event.h"

struct overhead {
    double sample_ns; /* a sample of the clock */
    double fault_ns;  /* a sampled page fault */
    double follow_ns; /* any page fault, where faults are followed so that sums know of them */
    double switch_ns; /* a context switch of a watched thread; 0 where processors are watched */
};

/* Of `sample_ns`. Takes about 60 ms. `aggregate`: NULL, or what adds the samples up, which is as
 * good as new afterwards. Negative where it took none. */
double overhead_of_sample(const struct perf_choice *choice, struct aggregate *aggregate);

/* Of the other two. Takes about 60 ms. */
double overhead_of_fault(const struct perf_choice *choice);
double overhead_of_switch(const struct perf_choice *choice);

/* The highest frequency, up to `highest`, whose samples cost no more than `budget`, a fraction of
 * the processor time; 0 where that allows fewer than 11 a second. A prime, so that no timer of the
 * program or the kernel runs in step with it.
 */
unsigned overhead_frequency(double sample_ns, double budget, unsigned highest);

#endif
