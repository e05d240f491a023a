/* SPDX-License-Identifier: MIT */
/*
 * Reads what the recorder wrote. The program could write there too, and may still be running, so
 * nothing is mapped and nothing believed: the file is damaged, or every record is within bounds.
 */
#ifndef ANALYSIS_RAW_TRACE_H
#define ANALYSIS_RAW_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/raw_layout.h"

enum { RAW_TRACE_BUFFER = 4096 };

struct raw_trace {
    int file;
    struct raw_header header; /* checked; its texts end */
    uint64_t count;           /* records that the file holds */
    uint64_t place;           /* of the next one to be read */
    uint64_t missing;         /* taken, but not written so far */
    size_t used, filled;
    struct raw_record buffer[RAW_TRACE_BUFFER];
};

/* The header alone: false where it is none. `file` stays the caller's. */
bool raw_trace_read_header(int file, struct raw_header *header);

/* How many records it speaks of. */
uint64_t raw_trace_count(const struct raw_header *header);

/* `file` belongs to the trace. False with one line in `why`. */
bool raw_trace_open(struct raw_trace *trace, int file, char *why, size_t why_bytes);
void raw_trace_close(struct raw_trace *trace);

/* 1: a record; 0: that was all; -1: one line in `why`. */
int raw_trace_next(struct raw_trace *trace, struct raw_record *record, char *why, size_t why_bytes);

#endif
