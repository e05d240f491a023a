/* SPDX-License-Identifier: MIT */
/*
 * Samples the processor time of a process, its threads and its descendants, from the moment it
 * executes its program, or of one that runs already. Where events are bound to processors, records
 * of all others are left out here. Two events share one ring buffer on each processor: the clock
 * (or cycles) and page faults with their addresses.
 */
#ifndef ANALYSIS_SAMPLER_H
#define ANALYSIS_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "perf_event.h"
#include "record.h"

/* Who is told of what happened. Calls come in the order of time. */
struct sampler_sink {
    void *context;
    void (*sample)(void *context, const struct time_sample *sample);
    void (*fault)(void *context, const struct fault_sample *sample);
    void (*map)(void *context, const struct mapping_record *mapping);
    void (*fork)(void *context, pid_t parent, pid_t child);
    void (*exec)(void *context, pid_t pid);
};

struct sampler_totals {
    uint64_t samples; /* of the clock */
    uint64_t faults;  /* samples of page faults */
    uint64_t lost;
    uint64_t throttled;
};

struct sampler;

/* `pid` waits before its exec. NULL with one line in `why` where the kernel refuses. */
struct sampler *sampler_open(pid_t pid, const struct perf_choice *choice,
                             const struct sampler_sink *sink, char *why, size_t why_bytes);

/* `pid` runs already: it and its descendants as they are now. Their mappings are passed on at once,
 * and sampling has begun. */
struct sampler *sampler_open_running(pid_t pid, const struct perf_choice *choice,
                                     const struct sampler_sink *sink, char *why, size_t why_bytes);
void sampler_close(struct sampler *sampler);

/* Right before `pid` is let go. */
void sampler_start(struct sampler *sampler);

/* Empties the rings; to be called every 20 to 100 ms. Passes on what can't be overtaken any more by
 * a record of another processor. */
void sampler_read(struct sampler *sampler);

/* Empties the rings for the last time and passes on everything. */
void sampler_finish(struct sampler *sampler, struct sampler_totals *totals);

#endif
