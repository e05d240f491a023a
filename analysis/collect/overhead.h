/* SPDX-License-Identifier: MIT */
/*
 * What watching costs, measured on the spot: short pieces of known work, with and without the
 * sampler's events, turn by turn; the median of the differences. The cost of a run is these times
 * the samples, page faults and context switches it really had.
 */
#ifndef ANALYSIS_OVERHEAD_H
#define ANALYSIS_OVERHEAD_H

#include "perf_event.h"

struct overhead {
    double sample_ns; /* a sample of the clock */
    double fault_ns;  /* a sampled page fault */
    double switch_ns; /* a context switch of a watched thread */
};

/* Takes about 150 ms. */
void overhead_measure(const struct perf_choice *choice, struct overhead *overhead);

#endif
