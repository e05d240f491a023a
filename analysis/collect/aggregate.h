/* SPDX-License-Identifier: MIT */
/*
 * Samples of processor time that the kernel itself adds up, by eBPF (probes/samples.bpf.c): of
 * those that agree in process, program image, address and in what led into the kernel only the sum
 * comes out. For samplers that watch whole processors.
 *
 * There are two maps. The programs fill one while the reader empties the other:
 *
 *     reading         1      2      3
 *     programs  even  | odd  | even | odd
 *     drained           none   even   odd      by aggregate_drain, then aggregate_turn
 *
 * What is drained at a reading was taken between the last but one turn and the last: no processor
 * is still at work on that map, if readings are milliseconds apart, as a program runs for a
 * microsecond with interrupts off. (A virtual processor that was taken away right then for as long
 * may misplace one sample.)
 */
#ifndef ANALYSIS_AGGREGATE_H
#define ANALYSIS_AGGREGATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "record.h"

struct aggregate_totals {
    uint64_t taken;     /* samples of watched processes */
    uint64_t lost;      /* of them, those a full map had no room for */
    uint64_t unwatched; /* processes a full map had no room for */
};

struct aggregate;

/* Loads the programs, with room for `entries` different samples from one reading to the next. NULL
 * where eBPF or a part of it can't be had: then `why` says what is missing and what would bring it.
 */
struct aggregate *aggregate_load(unsigned entries, char why[256]);
void aggregate_unload(struct aggregate *aggregate);

/* From now on samples of this clock event are added up, and none comes through its ring any more,
 * until it is closed. False with errno where the kernel refuses. */
bool aggregate_attach(struct aggregate *aggregate, int event);

/* Processes are watched with the descendants they get from then on. False with errno. */
bool aggregate_watch(struct aggregate *aggregate, pid_t pid);
void aggregate_unwatch(struct aggregate *aggregate, pid_t pid);

/* Empties the map that the programs do not fill. `began`: when the image of the sample's process
 * began, ns of CLOCK_MONOTONIC; 0: before it was watched. Samples have neither time nor thread. */
void aggregate_drain(struct aggregate *aggregate,
                     void (*take)(void *context, const struct time_sample *sample, uint64_t began),
                     void *context);
/* Lets the programs fill the other one. */
void aggregate_turn(struct aggregate *aggregate);

/* Forgets all that was taken. No event may be running. */
void aggregate_reset(struct aggregate *aggregate);

struct aggregate_totals aggregate_totals(const struct aggregate *aggregate);

/* Page faults of watched processes are followed, so that each sample of one knows where it was.
 * What that costs each of them, in ns. */
double aggregate_fault_ns(const struct aggregate *aggregate);

#endif
