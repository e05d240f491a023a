/* SPDX-License-Identifier: MIT */
/* A trace mapped into memory, its header checked. What the records say is still to be checked. */
#ifndef BENCH_TRACE_FILE_H
#define BENCH_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "trace_layout.h"

struct trace_file {
    struct trace_header header; /* in this machine's byte order */
    const struct trace_record *records;
    void *mapping;
    size_t bytes;
};

/* False with one line in `why`. */
bool trace_file_open(struct trace_file *file, const char *path, char *why, size_t why_bytes);
void trace_file_close(struct trace_file *file);

#endif
