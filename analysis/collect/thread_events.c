/* SPDX-License-Identifier: MIT */
#include "thread_events.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process_tree.h"

struct thread_events {
    struct perf_event_attr clock, faults;
    const struct thread_ring *rings;
    size_t ring_count;
    pid_t left_out;
    int error;
    int *descriptors;
    size_t count, capacity;
    uint64_t *clock_identifiers; /* the kernel counts upwards, so they are in order */
    size_t clock_count, clock_capacity;
};

static bool keep_descriptor(struct thread_events *events, int descriptor)
{
    if (events->count == events->capacity) {
        size_t capacity = 2 * events->capacity + 64;
        int *more = reallocarray(events->descriptors, capacity, sizeof *more);
        if (!more)
            return false;
        events->descriptors = more;
        events->capacity = capacity;
    }
    events->descriptors[events->count++] = descriptor;
    return true;
}

static bool keep_identifier(struct thread_events *events, int descriptor)
{
    if (events->clock_count == events->clock_capacity) {
        size_t capacity = 2 * events->clock_capacity + 64;
        uint64_t *more = reallocarray(events->clock_identifiers, capacity, sizeof *more);
        if (!more)
            return false;
        events->clock_identifiers = more;
        events->clock_capacity = capacity;
    }
    uint64_t *identifier = &events->clock_identifiers[events->clock_count];
    if (ioctl(descriptor, PERF_EVENT_IOC_ID, identifier) != 0)
        return false;
    events->clock_count++;
    return true;
}

/* The descriptor, or -1 with errno. */
static int open_event(struct thread_events *events, const struct perf_event_attr *attr, pid_t tid,
                      const struct thread_ring *ring)
{
    int descriptor = perf_event_open_on(attr, tid, ring->processor);
    if (descriptor < 0)
        return -1;
    errno = ENOMEM;
    if (keep_descriptor(events, descriptor) &&
        ioctl(descriptor, PERF_EVENT_IOC_SET_OUTPUT, ring->descriptor) == 0)
        return descriptor;
    int error = errno;
    if (events->count && events->descriptors[events->count - 1] == descriptor)
        events->count--;
    close(descriptor);
    errno = error;
    return -1;
}

static void open_thread(void *context, pid_t pid, pid_t tid)
{
    struct thread_events *events = context;
    for (size_t i = 0; i < events->ring_count && tid != events->left_out && !events->error; i++) {
        int clock = open_event(events, &events->clock, tid, &events->rings[i]);
        if (clock < 0 || !keep_identifier(events, clock)) {
            events->error = errno == ESRCH ? 0 : errno; /* a thread may end any time */
            return;
        }
        int faults = open_event(events, &events->faults, tid, &events->rings[i]);
        if (faults >= 0)
            ioctl(faults, PERF_EVENT_IOC_ENABLE, 0);
        ioctl(clock, PERF_EVENT_IOC_ENABLE, 0);
    }
}

static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

struct thread_events *thread_events_open(const struct perf_choice *choice,
                                         const struct thread_ring *rings, size_t ring_count,
                                         const pid_t *processes, size_t process_count,
                                         pid_t left_out)
{
    struct thread_events *events = calloc(1, sizeof *events);
    if (!events)
        return NULL;
    events->clock = choice->attr;
    perf_event_page_faults(&events->faults, choice);
    events->clock.enable_on_exec = events->faults.enable_on_exec = 0;
    events->rings = rings;
    events->ring_count = ring_count;
    events->left_out = left_out;
    raise_limit();
    for (size_t i = 0; i < process_count; i++)
        process_tree_each_thread(processes[i], open_thread, events);
    events->rings = NULL;
    if (events->error == 0)
        return events;
    int error = events->error;
    thread_events_close(events);
    errno = error;
    return NULL;
}

void thread_events_close(struct thread_events *events)
{
    if (!events)
        return;
    for (size_t i = 0; i < events->count; i++)
        close(events->descriptors[i]);
    free(events->descriptors);
    free(events->clock_identifiers);
    free(events);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool thread_events_has_clock(const struct thread_events *events, uint64_t identifier)
{
    return events && events->clock_count &&
           bsearch(&identifier, events->clock_identifiers, events->clock_count, sizeof identifier,
                   compare);
}
