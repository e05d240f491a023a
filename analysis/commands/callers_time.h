/* SPDX-License-Identifier: MIT */
/* Samples of processor time that fall into malloc, to the paths that led there. */
#ifndef ANALYSIS_CALLERS_TIME_H
#define ANALYSIS_CALLERS_TIME_H

#include "attribute/unwind.h"
#include "callers_paths.h"
#include "callers_stacks.h"
#include "callers_tally.h"
#include "collect/allocator.h"
#include "collect/sampler.h"
#include "sampling.h"

enum { CALLERS_STACK_FRAMES = 128, CALLERS_STACK_BYTES = 8192 };

struct callers_time_sampling {
    const struct allocator *allocator;
    struct attributor *attributor; /* of the allocator */
    struct callers_paths *paths;
    struct callers_tally *tally;
    struct callers_stacks *stacks; /* NULL: none are wanted */
    struct sampling sampling;
    struct sampler_totals totals;
    bool no_memory;
    char why[256]; /* there are no samples; empty: there are */
};

/* The process waits before its exec. What is missing is in `why`. */
void callers_time_start(struct callers_time_sampling *time, pid_t pid, unsigned frequency,
                        double budget);
void callers_time_read(struct callers_time_sampling *time);
void callers_time_finish(struct callers_time_sampling *time);

#endif
