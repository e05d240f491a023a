/* SPDX-License-Identifier: MIT */
/* From what was collected of a run to the model of its report. */
#ifndef ANALYSIS_RUN_REPORT_H
#define ANALYSIS_RUN_REPORT_H

#include "collect/allocator.h"
#include "collect/counters.h"
#include "collect/launch.h"
#include "collect/memory_watch.h"
#include "collect/overhead.h"
#include "collect/sampler.h"
#include "collect/slow_path.h"
#include "profile.h"
#include "report/model.h"
#include "run_options.h"

/* Everything known of a run when the command has ended. */
struct run_facts {
    const struct run_options *options;
    const struct allocator *allocator;
    const struct launch_end *end;
    const struct counters *counters;
    struct profile *profile;
    const struct perf_choice *event; /* NULL: not sampled */
    struct sampler_totals sampled;
    bool has_debug_information;
    const struct slow_path_report *slow_path; /* NULL: not watched */
    const struct overhead *overhead;          /* NULL: not sampled */
    double tool_cpu_s;                        /* this process's, while the command ran */
    const struct memory_watch *memory;
    double started; /* seconds of the monotonic clock */
};

/* Some program of the run really had the allocator's library. */
bool run_was_loaded(const struct run_facts *facts);

void run_report_fill(struct report *report, const struct run_facts *facts);

#endif
