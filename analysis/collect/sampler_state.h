/* SPDX-License-Identifier: MIT */
/* What the parts of the sampler share. */
#ifndef ANALYSIS_SAMPLER_STATE_H
#define ANALYSIS_SAMPLER_STATE_H

#include "followed.h"
#include "held_samples.h"
#include "pending.h"
#include "processor_events.h"
#include "sampler.h"
#include "thread_events.h"

struct sampler {
    struct perf_choice choice;
    bool is_running; /* the process ran already: nothing waits for an exec */
    struct sampler_sink sink;
    struct sampler_totals totals;
    struct pending pending;
    struct aggregate *aggregate; /* NULL: samples come through the rings */
    struct held_samples held;    /* of the aggregate */
    uint64_t drained;            /* samples that it gave */
    struct followed followed;    /* where processors are watched */
    struct thread_events
        *threads;      /* of a process that ran already, where they are not; else NULL */
    uint64_t previous; /* when the reading before began, ns */
    size_t processor_count;
    struct processor_events processors[];
};

/* With the events of the processors, or with those of the first thread of `pid`. 0, or an errno
 * value; then `*created`, which may be NULL, is for sampler_refuse. */
int sampler_create(struct sampler **created, pid_t pid, const struct perf_choice *choice,
                   struct aggregate *aggregate, const struct sampler_sink *sink);

/* Closes it and says why. NULL. */
struct sampler *sampler_refuse(struct sampler *sampler, int error, char *why, size_t why_bytes);

#endif
