/* SPDX-License-Identifier: MIT */
/* From what was collected of a program that was watched to the model of its report. */
#ifndef ANALYSIS_WATCHING_REPORT_H
#define ANALYSIS_WATCHING_REPORT_H

#include "collect/allocator.h"
#include "collect/counters.h"
#include "collect/memory_series.h"
#include "collect/memory_watch.h"
#include "collect/overhead.h"
#include "collect/sampler.h"
#include "collect/slow_path.h"
#include "profile.h"
#include "report/model.h"

/* What the processes used while they were watched. */
struct watching_totals {
    double wall_s, user_s, system_s;
    uint64_t max_rss_kb; /* of the one that had most */
    uint64_t switches;   /* of context */
    uint64_t faults;     /* of pages */
};

/* Everything known when the watching is over. */
struct watching_facts {
    char *const *command; /* NULL-terminated */
    const struct allocator *allocator;
    struct watching_totals totals;
    const struct counters *counters;
    struct profile *profile;
    const struct perf_choice *event; /* NULL: not sampled */
    struct sampler_totals sampled;
    bool has_code; /* the allocator's code is known: samples in it can be told */
    const struct attributor *attributor;      /* NULL: there is none */
    const struct slow_path_report *slow_path; /* NULL: not watched */
    const struct overhead *overhead;          /* NULL: not sampled */
    double tool_cpu_s;                        /* this process's, meanwhile */
    double budget;                            /* what watching may cost, of the processor time */
    const struct memory_watch *memory;
    const struct memory_series *series;
    double started; /* the watching, in seconds of the monotonic clock */
};

/* Fills the notes: what is missing, why, and how to get it. The rest of the report is filled. */
void watching_notes_fill(struct report *report, const struct watching_facts *facts);

/* Some program really had the allocator's library. */
bool watching_was_loaded(const struct watching_facts *facts);

/* Fills all but how the program ended. */
void watching_report_fill(struct report *report, const struct watching_facts *facts);

#endif
