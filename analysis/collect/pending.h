/* SPDX-License-Identifier: MIT */
/*
 * Records waiting to be passed on in the order of time. Each ring is in order (nearly: an interrupt
 * may write between a record's time and its place), the rings among each other are not.
 */
#ifndef ANALYSIS_PENDING_H
#define ANALYSIS_PENDING_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pending_record {
    uint64_t time;
    size_t order;  /* of arrival: keeps records of equal time in the order of their ring */
    size_t offset; /* in bytes */
};

struct pending {
    struct pending_record *records;
    size_t count, capacity;
    char *bytes;
    size_t byte_count, byte_capacity;
};

/* Copies the record; false when memory is out. */
bool pending_add(struct pending *pending, const struct perf_event_header *header, uint64_t time);

/* Passes on and forgets all records up to `time`, oldest first. */
void pending_pass(struct pending *pending, uint64_t time,
                  void (*take)(void *, const struct perf_event_header *), void *context);
void pending_finish(struct pending *pending);

#endif
