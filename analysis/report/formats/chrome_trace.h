/* SPDX-License-Identifier: MIT */
/*
 * The JSON that https://ui.perfetto.dev and chrome://tracing open: Google's "Trace Event Format", a
 * list of events. Used of it are M (names), X (a slice of a thread's track) and C (counters).
 *
 * Samples say how much of a bin a thread spent on what, not in which order. So in each bin of a
 * thread's track stands one slice after the other, as long as their time was, from the bin's start:
 * `in malloc` with its sources below it, the application, the kernel. `exact_ns` has the time where
 * more was sampled than a bin has room for, and slices were made shorter.
 */
#ifndef ANALYSIS_CHROME_TRACE_H
#define ANALYSIS_CHROME_TRACE_H

#include <stdio.h>

#include "timeline.h"

/* `root` is the process that figures of all belong to, `command` ends with NULL. 0, or -1 with
 * errno. */
int chrome_trace_print(const struct timeline *timeline, int root, char *const *command,
                       FILE *stream);

#endif
