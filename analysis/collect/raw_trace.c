/* SPDX-License-Identifier: MIT */
#include "raw_trace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = 1 << 22 };

static const uint64_t BYTES_MAX = (uint64_t)1 << 47; /* above, no address space holds a block */

bool raw_trace_read_header(int file, struct raw_header *header)
{
    if (pread(file, header, sizeof *header, 0) != (ssize_t)sizeof *header ||
        memcmp(header->magic, RAW_MAGIC, sizeof header->magic) != 0)
        return false;
    header->name[sizeof header->name - 1] = '\0';
    header->program[sizeof header->program - 1] = '\0';
    return true;
}

uint64_t raw_trace_count(const struct raw_header *header)
{
    return header->next < header->limit ? header->next : header->limit;
}

/* Two records a thread, those of a realloc, where a process was killed or its disk was full. */
static uint64_t unwritten_at_most(const struct raw_header *header)
{
    return (uint64_t)2 * header->threads;
}

static bool is_in_bounds(struct raw_trace *trace, uint64_t file_bytes)
{
    const struct raw_header *header = &trace->header;
    uint64_t wanted = raw_trace_count(header);
    if (header->version != RAW_VERSION || header->record_bytes != sizeof(struct raw_record) ||
        header->limit > RAW_RECORDS_MAX || header->threads > THREADS_MAX ||
        file_bytes < RAW_HEADER_BYTES)
        return false;
    uint64_t held = (file_bytes - RAW_HEADER_BYTES) / sizeof(struct raw_record);
    trace->count = wanted < held ? wanted : held;
    return wanted - trace->count <= unwritten_at_most(header);
}

bool raw_trace_open(struct raw_trace *trace, int file, char *why, size_t why_bytes)
{
    struct stat status;
    trace->file = file;
    trace->place = trace->missing = 0;
    trace->used = trace->filled = 0;
    if (!raw_trace_read_header(file, &trace->header))
        snprintf(why, why_bytes, "the raw trace has no header");
    else if (fstat(file, &status) != 0)
        snprintf(why, why_bytes, "the raw trace: %s", strerror(errno));
    else if (!is_in_bounds(trace, (uint64_t)status.st_size))
        snprintf(why, why_bytes, "the raw trace is damaged: its header or its length");
    else
        return true;
    return false;
}

void raw_trace_close(struct raw_trace *trace)
{
    if (trace->file >= 0)
        close(trace->file);
    trace->file = -1;
}

static bool fill(struct raw_trace *trace)
{
    uint64_t left = trace->count - trace->place;
    size_t wanted = left < RAW_TRACE_BUFFER ? (size_t)left : RAW_TRACE_BUFFER;
    off_t start = (off_t)(RAW_HEADER_BYTES + trace->place * sizeof(struct raw_record));
    ssize_t got = pread(trace->file, trace->buffer, wanted * sizeof(struct raw_record), start);
    trace->used = 0;
    trace->filled = got > 0 ? (size_t)got / sizeof(struct raw_record) : 0;
    return trace->filled > 0;
}

static const char *fault_of(const struct raw_trace *trace, const struct raw_record *record)
{
    if (record->kind >= RAW_KINDS)
        return "of no known kind";
    if (record->thread >= trace->header.threads)
        return "of an unknown thread";
    if ((record->address && record->bytes > BYTES_MAX) || record->alignment > 47)
        return "of an impossible size";
    if (record->address == 0 && record->kind != RAW_REALLOC_END && record->kind != RAW_THREAD_END)
        return "without a block";
    return NULL;
}

int raw_trace_next(struct raw_trace *trace, struct raw_record *record, char *why, size_t why_bytes)
{
    while (trace->place < trace->count) {
        if (trace->used == trace->filled && !fill(trace)) {
            snprintf(why, why_bytes, "the raw trace ends at record %ju of %ju",
                     (uintmax_t)trace->place, (uintmax_t)trace->count);
            return -1;
        }
        *record = trace->buffer[trace->used++];
        trace->place++;
        if (record->kind == RAW_NONE && trace->missing++ < unwritten_at_most(&trace->header))
            continue;
        const char *fault = record->kind == RAW_NONE ? "never written" : fault_of(trace, record);
        if (!fault)
            return 1;
        snprintf(why, why_bytes, "the raw trace is damaged: record %ju is %s",
                 (uintmax_t)trace->place - 1, fault);
        return -1;
    }
    return 0;
}
