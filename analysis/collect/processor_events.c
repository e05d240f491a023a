/* SPDX-License-Identifier: MIT */
#include "processor_events.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A sample that brings its stack along takes two pages and more. */
enum { RING_PAGES = 64, STACK_RING_PAGES = 1024 };

static void open_faults(struct processor_events *events, const struct perf_choice *choice,
                        pid_t pid, int cpu)
{
    struct perf_event_attr attr;
    perf_event_page_faults(&attr, choice);
    attr.enable_on_exec = choice->attr.enable_on_exec;
    events->faults = perf_event_open_on(&attr, pid, cpu);
    if (events->faults < 0)
        return;
    if (ioctl(events->faults, PERF_EVENT_IOC_SET_OUTPUT, events->clock) == 0)
        return;
    close(events->faults);
    events->faults = -1;
}

/* An inherited event may have a ring only when it is bound to a processor: so one for each. */
bool processor_events_open(struct processor_events *events, const struct perf_choice *choice,
                           struct aggregate *aggregate, pid_t pid, int cpu)
{
    *events = (struct processor_events){.number = cpu, .clock = -1, .faults = -1};
    if (choice->processors)
        pid = -1;
    events->clock = perf_event_open_on(&choice->attr, pid, cpu);
    if (events->clock < 0)
        return false;
    ioctl(events->clock, PERF_EVENT_IOC_ID, &events->clock_identifier);
    if (!ring_map(&events->ring, events->clock, choice->stacks ? STACK_RING_PAGES : RING_PAGES) ||
        (aggregate && !aggregate_attach(aggregate, events->clock))) {
        int error = errno;
        processor_events_close(events);
        errno = error;
        return false;
    }
    if (!aggregate) /* else each sample knows its own */
        open_faults(events, choice, pid, cpu);
    return true;
}

void processor_events_close(struct processor_events *events)
{
    ring_unmap(&events->ring);
    if (events->faults >= 0)
        close(events->faults);
    if (events->clock >= 0)
        close(events->clock);
}

void processor_events_switch(const struct processor_events *events, unsigned long request)
{
    ioctl(events->clock, request, 0);
    if (events->faults >= 0)
        ioctl(events->faults, request, 0);
}
