/* SPDX-License-Identifier: MIT */
/*
 * Samples the processor time of a process, its threads and its descendants, from the moment it
 * executes its program, or of one that runs already. Where events are bound to processors, records
 * of all others are left out here. Two events share one ring buffer on each processor: the clock
 * (or cycles) and page faults with their addresses.
 *
 * Samples of the clock may be added up in the kernel instead (aggregate.h); the rings then carry
 * the other records alone. Less exact is: of an address that was unmapped and mapped again within a
 * reading or two all samples count for the later mapping.
 */
#ifndef ANALYSIS_SAMPLER_H
#define ANALYSIS_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "aggregate.h"
#include "perf_event.h"
#include "record.h"

/* Who is told of what happened. Calls come in the order of time; samples that were added up come
 * when the mappings of their time are known. */
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
    bool aggregated; /* in the kernel */
};

struct sampler;

/* `pid` waits before its exec. `aggregate`: NULL, or for a choice of whole processors the sums to
 * be made in the kernel; it belongs to the sampler then, whatever comes of it. NULL with one line
 * in `why` where the kernel refuses. */
struct sampler *sampler_open(pid_t pid, const struct perf_choice *choice,
                             struct aggregate *aggregate, const struct sampler_sink *sink,
                             char *why, size_t why_bytes);

/* The same, where `pid` runs already: it and its descendants as they are now. Their mappings are
 * passed on at once, and sampling has begun. */
struct sampler *sampler_open_running(pid_t pid, const struct perf_choice *choice,
                                     struct aggregate *aggregate, const struct sampler_sink *sink,
                                     char *why, size_t why_bytes);
void sampler_close(struct sampler *sampler);

/* One thread more of a process, which is watched from its first one on with the descendants it gets
 * from then on; for processes that run already, whose mappings nobody tells the sink. Only where
 * whole processors are watched. False: no memory. */
bool sampler_follow(struct sampler *sampler, pid_t pid);

/* Right before `pid` is let go. */
void sampler_start(struct sampler *sampler);

/* Empties the rings and maps; to be called every 4 to 100 ms. Passes on what can't be overtaken any
 * more by a record of another processor. */
void sampler_read(struct sampler *sampler);

/* Empties the rings for the last time and passes on everything. */
void sampler_finish(struct sampler *sampler, struct sampler_totals *totals);

#endif
