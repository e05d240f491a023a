/* SPDX-License-Identifier: MIT */
/*
 * The file that the recorder writes while a program runs: a header, then records in the order of
 * their sequence numbers, which are their places. Written and read on one machine, so in its own
 * byte order; what leaves the machine is bench/trace_layout.h.
 *
 * A free takes its number before the block is given up, an allocation after it was got, so a
 * block's end always stands before the beginning of the next one at its address. A realloc has two
 * records, one before and one after.
 */
#ifndef ANALYSIS_RAW_LAYOUT_H
#define ANALYSIS_RAW_LAYOUT_H

#include <stdint.h>

#define RAW_MAGIC "HAKTRRAW"

/* "LIMIT:FOLDER", set by hakmem-trace for the command. */
#define RAW_VARIABLE "HAKMEM_TRACE_RECORD"

enum {
    RAW_VERSION = 1,
    RAW_HEADER_BYTES = 65536,     /* so that windows start at a page of any size */
    RAW_WINDOW_RECORDS = 1 << 18, /* mapped at a time */
    RAW_WINDOWS = 4096,
    RAW_STOPPED_AT_LIMIT = -1,
};

#define RAW_RECORDS_MAX ((uint64_t)RAW_WINDOWS * RAW_WINDOW_RECORDS)

enum raw_kind {
    RAW_NONE, /* taken, but not written: the process was killed in between */
    RAW_MALLOC,
    RAW_CALLOC,
    RAW_ALIGNED,
    RAW_FREE,
    RAW_REALLOC_START,
    RAW_REALLOC_END, /* without a start: of NULL */
    RAW_THREAD_END,
    RAW_KINDS
};

struct raw_header {
    char magic[8];
    uint32_t version, record_bytes;
    int32_t pid;
    int32_t stopped; /* why recording ended before the program did: an errno, at the limit, or 0 */
    uint64_t limit;  /* of records */
    uint64_t next;   /* records taken; may pass the limit, by as many as there are threads */
    uint32_t threads;
    char name[32];      /* as ps shows it */
    char program[1024]; /* the executable's path */
};

struct raw_record {
    uint64_t address; /* of the block; at the end of a failed realloc 0 */
    uint64_t bytes;
    uint32_t thread;   /* from 0, in the order of their first records */
    uint8_t alignment; /* its binary logarithm */
    uint8_t unused[2];
    uint8_t kind; /* written last */
};

_Static_assert(sizeof(struct raw_record) == 24, "windows are whole pages");
_Static_assert(sizeof(struct raw_header) <= RAW_HEADER_BYTES, "the header fits");

#endif
