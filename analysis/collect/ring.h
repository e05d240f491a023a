/* SPDX-License-Identifier: MIT */
/* A perf ring buffer of one processor: mapped once, drained from time to time. */
#ifndef ANALYSIS_RING_H
#define ANALYSIS_RING_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
    struct perf_event_mmap_page *page; /* NULL: not mapped */
    size_t data_bytes;                 /* a power of two */
};

/* Maps a ring over the event: the largest the kernel grants of 2^k pages, down from `pages`. */
bool ring_map(struct ring *ring, int descriptor, size_t pages);
void ring_unmap(struct ring *ring);

/* Bytes written since the ring was mapped. */
unsigned long long ring_written(const struct ring *ring);

/* Calls `take` for each record and frees their room. Records are whole and 8-byte aligned. */
void ring_drain(struct ring *ring, void (*take)(void *, const struct perf_event_header *),
                void *context);

#endif
