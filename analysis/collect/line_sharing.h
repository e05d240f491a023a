/* SPDX-License-Identifier: MIT */
/*
 * How many blocks an allocator handed out into a cache line in which a block lives that another
 * thread was given: where both threads write, each write makes the other wait (false sharing). Told
 * from a raw trace, which holds addresses, sizes asked for and threads in the order of time.
 *
 * Only the first and the last line of a block can hold another one's bytes.
 */
#ifndef ANALYSIS_LINE_SHARING_H
#define ANALYSIS_LINE_SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "raw_trace.h"

enum { LINE_BYTES = 64 };

struct line_sharing {
    uint64_t blocks; /* handed out */
    uint64_t shared; /* of these, into another thread's line */
};

/* Reads the trace to its end. False with one line in `why`. */
bool line_sharing_count(struct raw_trace *trace, struct line_sharing *sharing, char *why,
                        size_t why_bytes);

#endif
