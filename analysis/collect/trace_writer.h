/* SPDX-License-Identifier: MIT */
/* From what the recorder wrote to a trace with object numbers instead of addresses. */
#ifndef ANALYSIS_TRACE_WRITER_H
#define ANALYSIS_TRACE_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/trace_layout.h"
#include "raw_trace.h"

struct trace_written {
    struct trace_header header;
    uint64_t live_at_end; /* objects that were never freed */
    uint64_t unknown;     /* frees and reallocs of blocks whose allocation was not seen */
    uint64_t unseen_ends; /* objects whose free was not seen: another one came at their address */
};

/* `tick` is called now and then. False with one line in `why`. */
bool trace_write(struct raw_trace *raw, FILE *stream, struct trace_written *written,
                 void (*tick)(void *context), void *context, char *why, size_t why_bytes);

#endif
