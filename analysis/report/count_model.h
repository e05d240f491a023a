/* SPDX-License-Identifier: MIT */
/* The report of counted instructions. Sums alone: every other figure is a quotient of two. */
#ifndef ANALYSIS_COUNT_MODEL_H
#define ANALYSIS_COUNT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stepped_head.h"

enum {
    COUNT_SOURCES_MAX = 128,
    COUNT_PATHS_MAX = 96,
    COUNT_NOTES_MAX = 12,
    COUNT_NAME_BYTES = 256
};

enum count_kind {
    COUNT_MALLOC,
    COUNT_CALLOC,
    COUNT_REALLOC,
    COUNT_ALIGNED,
    COUNT_FREE,
    COUNT_KINDS
};

enum count_group {
    COUNT_FACTOR,    /* one of the allocator's factors */
    COUNT_ALLOCATOR, /* another file or function of the allocator */
    COUNT_ELSEWHERE, /* another library */
};

struct count_effects {
    uint64_t instructions, loads, stores, branches;
};

struct count_source {
    char name[64];
    enum count_group group;
    const char *step; /* of a malloc (attribute/lens.h); NULL: not known, or not the allocator's */
    struct count_effects kinds[COUNT_KINDS];
};

/* Instructions of a call, over the calls: percentiles by nearest rank, which were all counted. */
struct count_spread {
    uint64_t least, median, p90, p99, most;
};

/* Loads in a call's longest chain in which each address needs the load before
 * (commands/count_chain.h). */
struct count_chains {
    uint64_t least, most;
};

/* Calls of one kind that went through the same sources. */
struct count_path {
    enum count_kind kind;
    char name[COUNT_NAME_BYTES];
    uint64_t calls;
    struct count_effects effects; /* of all of them */
    struct count_spread spread;
    uint64_t bytes_least, bytes_most; /* asked for */
    struct count_chains chains;
};

struct count_report {
    struct stepped_head head;
    bool disassembled; /* else loads, stores and branches are not known */
    uint64_t kind_calls[COUNT_KINDS];
    struct count_effects kinds[COUNT_KINDS];        /* the sums of the sources' */
    struct count_spread spreads[COUNT_KINDS];       /* zeroes where there are no calls */
    struct count_source sources[COUNT_SOURCES_MAX]; /* factors, the allocator's, others */
    size_t source_count;
    struct count_path paths[COUNT_PATHS_MAX]; /* by kind, the most frequent first */
    size_t path_count;
    char notes[COUNT_NOTES_MAX][400];
    size_t note_count;
};

__attribute__((format(printf, 2, 3))) void count_note(struct count_report *report,
                                                      const char *format, ...);

void count_effects_add(struct count_effects *sum, const struct count_effects *effects);

/* Of figures that are sorted; zeroes of none. */
struct count_spread count_spread_of(const uint32_t *sorted, size_t count);

extern const char *const count_kind_names[COUNT_KINDS];
extern const char *const count_group_names[];

/* Of a call that executed nothing but the function that was called. */
extern const char count_fast_path[];

#endif
