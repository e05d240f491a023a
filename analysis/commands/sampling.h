/* SPDX-License-Identifier: MIT */
/* Opens a sampler at the best event there is and a frequency that costs little, one by one or added
 * up in the kernel: what all commands do that sample. */
#ifndef ANALYSIS_SAMPLING_H
#define ANALYSIS_SAMPLING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collect/overhead.h"
#include "collect/perf_event.h"
#include "collect/sampler.h"

enum { SAMPLING_FREQUENCY_MIN = 1, SAMPLING_FREQUENCY_MAX = 100000 };

/* Whether samples are added up in the kernel: where it pays, always, never. */
enum sampling_aggregate { SAMPLING_AGGREGATE_AUTO, SAMPLING_AGGREGATE_YES, SAMPLING_AGGREGATE_NO };

struct sampling_wish {
    unsigned frequency; /* Hz; 0: the highest within the budget */
    double budget;      /* what samples may cost, of the processor time; 0: 0.5 % */
    bool costs;   /* measure what faults and switches cost, too: afterwards no right may be left
                     to */
    bool running; /* the process runs already; else it waits before its exec */
    enum sampling_aggregate aggregate;
    unsigned stack_bytes; /* copied with each sample, where `aggregate` is no; 0: none */
};

struct sampling {
    struct perf_choice event;
    struct overhead overhead; /* of a sample; of the rest where it was wished */
    unsigned highest;         /* Hz: the kernel allowed no more, and more was wanted; else 0 */
    char one_by_one[320];     /* why samples are not added up, where more was wished; else empty */
    struct sampler *sampler;  /* NULL: none */
    bool is_aggregated;       /* its samples are added up */
};

/* False with one line in `why`. Takes about 60 ms, with the costs twice that. */
bool sampling_open(struct sampling *sampling, pid_t pid, const struct sampling_wish *wish,
                   const struct sampler_sink *sink, char *why, size_t why_bytes);

#endif
