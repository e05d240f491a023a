/* SPDX-License-Identifier: MIT */
/* The events of one processor: the clock, and page faults that go to the clock's ring. */
#ifndef ANALYSIS_PROCESSOR_EVENTS_H
#define ANALYSIS_PROCESSOR_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "aggregate.h"
#include "perf_event.h"
#include "ring.h"

struct processor_events {
    int number;                /* of the processor */
    int clock, faults;         /* descriptors, -1 where not open */
    uint64_t clock_identifier; /* of the clock's samples */
    struct ring ring;
};

/* Of the processor, or of the threads of `pid` alone where the choice is not of whole processors.
 * `aggregate`: NULL, or what adds up the clock's samples. False with errno where there is no clock;
 * closed then, too. */
bool processor_events_open(struct processor_events *events, const struct perf_choice *choice,
                           struct aggregate *aggregate, pid_t pid, int cpu);
void processor_events_close(struct processor_events *events);

/* `request`: PERF_EVENT_IOC_ENABLE or _DISABLE. */
void processor_events_switch(const struct processor_events *events, unsigned long request);

#endif
