/* SPDX-License-Identifier: MIT */
/* An event of the calling thread alone, for measurements of the instruments themselves. */
#ifndef ANALYSIS_OWN_THREAD_H
#define ANALYSIS_OWN_THREAD_H

#include "perf_event.h"
#include "ring.h"

/* The same event as `attr` for this thread, off until it is enabled, with a ring of up to `pages`
 * pages for its samples. A descriptor, or -1 with errno. */
int own_thread_open(struct perf_event_attr attr, struct ring *ring, size_t pages);

#endif
