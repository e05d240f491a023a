/* SPDX-License-Identifier: MIT */
/*
 * Reads the counter files that libhakmem leaves behind and adds them up. A file is what some
 * program wrote, or something else altogether: nothing in it is believed before it is checked.
 */
#ifndef ANALYSIS_COUNTERS_H
#define ANALYSIS_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "counter_layout.h"
#include "counter_meaning.h"

enum { COUNTER_FILE_PAGES_MAX = 65536 };

/* One process's memory when it ended, in bytes. */
struct counter_memory {
    uint64_t mapped;   /* readable and writable: arena, huge blocks, metadata */
    uint64_t live;     /* in blocks handed out and not taken back */
    uint64_t retained; /* in free spans not yet given back to the kernel */
    uint64_t metadata;
};

struct counters {
    struct hak_counter_page sum;
    struct hak_counter_header header; /* of the first file: levels, class sizes, constants */
    struct counter_memory memory;     /* of the process that had most mapped */
    uint64_t header_writes, header_reads, lut_hits, metadata_lookups;
    uint64_t files;    /* program images that counted */
    uint64_t rejected; /* files that are not what they should be */
    bool pages_shared; /* some counts may be lost */
};

/* One program image's counters at one moment. */
struct counters_image {
    struct hak_counter_header header;
    struct hak_counter_page sum; /* of its pages */
};

/* Can a header be believed? Its pages need not be there. */
bool counters_check_header(const struct hak_counter_header *header);

/* Adds a page to a sum of pages. */
void counters_add_page(struct hak_counter_page *sum, const struct hak_counter_page *page);

/* Reads and checks a file's header; and the sum of its pages. */
bool counters_read_header(int file, struct hak_counter_header *header);
bool counters_read(int file, struct hak_counter_header *header, struct hak_counter_page *sum);

/* Adds one file, open for reading; false (and counted as rejected) where it can't be believed. */
bool counters_add(struct counters *counters, int file);

/* Adds what an image counted until `now`, from its start (`before` NULL) or from a moment before;
 * false (and counted as rejected) where it is of another library than those added already. */
bool counters_add_image(struct counters *counters, const struct counters_image *now,
                        const struct hak_counter_page *before);

/* Blocks that slab classes handed out; those of all classes; the same taken back. */
uint64_t counters_slab_mallocs(const struct counters *counters);
uint64_t counters_mallocs(const struct counters *counters);
uint64_t counters_slab_frees(const struct counters *counters);
uint64_t counters_frees(const struct counters *counters);

/* Bytes handed out: slab blocks by their class's size, others by their own. */
uint64_t counters_bytes(const struct counters *counters);

/* Calls of the public entry points: see hak_counted_operations. */
static inline uint64_t counters_operations(const struct counters *counters)
{
    return hak_counted_operations(&counters->sum);
}

#endif
