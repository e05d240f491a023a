/* SPDX-License-Identifier: MIT */
/*
 * What the resident memory of a running process is, by kind: its libraries, libhakmem's slabs of
 * each size class, large blocks, free spans, tables. Read from outside, without stopping it: its
 * page map, its mappings, and libhakmem's own tables in its memory. What changes meanwhile is seen
 * half before and half after; nothing read is believed beyond its bounds.
 */
#ifndef ANALYSIS_RESIDENT_H
#define ANALYSIS_RESIDENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counter_layout.h"

enum resident_kind {
    RESIDENT_SLABS,
    RESIDENT_LARGE,     /* blocks that no slab holds */
    RESIDENT_FREE,      /* free spans not given back to the kernel */
    RESIDENT_MAGAZINES, /* full, half full and empty ones; not the blocks they name */
    RESIDENT_TABLES,    /* words, records, bits, heaps */
    RESIDENT_COUNTERS,  /* the counter file */
    RESIDENT_FILES,     /* program and libraries, with their data */
    RESIDENT_OTHER,     /* stacks, huge blocks, the program's own mappings */
    RESIDENT_KINDS
};

extern const char *const resident_names[RESIDENT_KINDS];

/* All in bytes. */
struct resident {
    uint64_t total; /* the sum of the kinds */
    uint64_t kind[RESIDENT_KINDS];
    uint64_t slab[HAK_COUNTER_CLASSES]; /* of RESIDENT_SLABS, by size class */
};

/* Resident bytes as the kernel counts them; 0: no such process. Cheap. */
uint64_t resident_total(pid_t pid);

/* `header` is of the process's counter file. False with errno: it ended, or may not be read. */
bool resident_read(pid_t pid, const struct hak_counter_header *header, struct resident *resident);

#endif
