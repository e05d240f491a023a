/* SPDX-License-Identifier: MIT */
/*
 * The trace that `hakmem-trace record` writes and `replay` reads: a header, then one record of 16
 * bytes for each operation, in an order in which the program may have done them. All numbers are
 * little-endian. Objects are numbered from 0 in the order in which they came into being, threads in
 * the order of their first records.
 */
#ifndef BENCH_TRACE_LAYOUT_H
#define BENCH_TRACE_LAYOUT_H

#include <endian.h>
#include <stdint.h>

#define TRACE_MAGIC "HAKTRACE"

enum { TRACE_VERSION = 1, TRACE_BYTES_BITS = 48, TRACE_ALIGNMENT_MAX = 30 };

enum trace_kind {
    TRACE_MALLOC,
    TRACE_CALLOC,
    TRACE_ALIGNED, /* memalign, aligned_alloc, posix_memalign, valloc, pvalloc, aligned new */
    TRACE_REALLOC,
    TRACE_REALLOC_NULL, /* a new object */
    TRACE_FREE,
    TRACE_THREAD_END, /* no operation; what the C library frees for the thread may follow */
    TRACE_KINDS
};

struct trace_header {
    char magic[8];
    uint32_t version;
    uint32_t header_bytes; /* where the records begin */
    uint64_t records;
    uint64_t objects;
    uint64_t threads;
    uint64_t peak_bytes; /* highest sum of the sizes of live objects */
    uint64_t counts[8];  /* records of each kind */
    char program[64];    /* its file's name, with zeroes to the end */
};

struct trace_record {
    uint64_t what; /* bytes asked for, and above TRACE_BYTES_BITS kind and alignment */
    uint32_t object;
    uint32_t thread;
};

_Static_assert(sizeof(struct trace_header) == 176 && sizeof(struct trace_record) == 16,
               "as documented");

/* A record taken apart. */
struct trace_operation {
    uint64_t bytes; /* 0 for free and thread end */
    uint32_t object, thread;
    uint8_t kind;
    uint8_t alignment; /* its binary logarithm */
};

static inline struct trace_record trace_pack(const struct trace_operation *operation)
{
    uint64_t kind = operation->kind, alignment = operation->alignment;
    return (struct trace_record){
        .what = htole64(operation->bytes | kind << TRACE_BYTES_BITS |
                        alignment << (TRACE_BYTES_BITS + 8)),
        .object = htole32(operation->object),
        .thread = htole32(operation->thread),
    };
}

static inline struct trace_operation trace_unpack(const struct trace_record *record)
{
    uint64_t what = le64toh(record->what);
    return (struct trace_operation){
        .bytes = what & (((uint64_t)1 << TRACE_BYTES_BITS) - 1),
        .object = le32toh(record->object),
        .thread = le32toh(record->thread),
        .kind = (uint8_t)(what >> TRACE_BYTES_BITS),
        .alignment = (uint8_t)(what >> (TRACE_BYTES_BITS + 8)),
    };
}

/* The same in both directions. */
static inline void trace_swap_header(struct trace_header *header)
{
    header->version = htole32(header->version);
    header->header_bytes = htole32(header->header_bytes);
    header->records = htole64(header->records);
    header->objects = htole64(header->objects);
    header->threads = htole64(header->threads);
    header->peak_bytes = htole64(header->peak_bytes);
    for (int i = 0; i < 8; i++)
        header->counts[i] = htole64(header->counts[i]);
}

#endif
