/* SPDX-License-Identifier: MIT */
/* What `record` says of the trace that it wrote. */
#ifndef ANALYSIS_TRACE_REPORT_H
#define ANALYSIS_TRACE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/trace_layout.h"

struct trace_report {
    char *const *command;
    const char *path;
    const struct trace_header *header;
    int pid;
    uint64_t images; /* programs that were recorded, of which this is one */
    uint64_t live_at_end, unknown, unseen_ends;
    bool sharing_known;                /* of more than one thread */
    uint64_t line_blocks, line_shared; /* handed out; of these into another thread's cache line */
    int stopped; /* as of struct raw_header: 0, an errno, or at the limit (negative) */
    uint64_t limit;
};

void trace_report_text(const struct trace_report *report, FILE *stream);

/* -1 with errno. */
int trace_report_json(const struct trace_report *report, FILE *stream);

#endif
