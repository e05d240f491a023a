/* SPDX-License-Identifier: MIT */
/*
 * Sampling events of threads that run already, for each thread one a processor, where whole
 * processors may not be watched. Their records go into rings that are there. Threads and processes
 * that these threads start later inherit them; what a thread starts between its being listed and
 * its events' being open is missed.
 */
#ifndef ANALYSIS_THREAD_EVENTS_H
#define ANALYSIS_THREAD_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "perf_event.h"

/* The event, of a processor, that has the ring. */
struct thread_ring {
    int processor, descriptor;
};

struct thread_events;

/* For all threads of the processes but `left_out`. NULL with errno. */
struct thread_events *thread_events_open(const struct perf_choice *choice,
                                         const struct thread_ring *rings, size_t ring_count,
                                         const pid_t *processes, size_t process_count,
                                         pid_t left_out);
void thread_events_close(struct thread_events *events);

/* Is it the clock of one of the threads? */
bool thread_events_has_clock(const struct thread_events *events, uint64_t identifier);

#endif
