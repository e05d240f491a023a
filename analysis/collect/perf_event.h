/* SPDX-License-Identifier: MIT */
/* Which perf events the kernel lets us have, and how they are opened. */
#ifndef ANALYSIS_PERF_EVENT_H
#define ANALYSIS_PERF_EVENT_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct perf_choice {
    const char *name; /* "cycles:pp", "cycles" or "cpu-clock" */
    struct perf_event_attr attr;
    bool kernel; /* the kernel's part of the time is sampled too */
    bool
        processors; /* one event for each processor, whoever runs there; else one for each thread */
    bool stacks;    /* samples carry the user's stack: see stack_sample.h */
};

/* The system call, close-on-exec. */
int perf_event_open_on(const struct perf_event_attr *attr, pid_t pid, int cpu);

/* The best event that opens for `pid`, tried in the order cycles:pp, cycles, cpu-clock, each first
 * with and then without the kernel, and first for whole processors: an event of a thread's own
 * begins its period anew with each thread, and never comes to its end in one that lives shorter; it
 * costs time where a thread is made and at every context switch, too. False with one line in `why`
 * where none opens. */
bool perf_event_choose(pid_t pid, unsigned frequency, struct perf_choice *choice, char *why,
                       size_t why_bytes);

/* Page faults, sampled with their addresses, for the same threads as `choice`. */
void perf_event_page_faults(struct perf_event_attr *attr, const struct perf_choice *choice);

/* The kernel's bound on the sampling frequency; 0 where it tells none. */
unsigned perf_event_highest_frequency(void);

#endif
