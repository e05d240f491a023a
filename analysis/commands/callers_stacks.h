/* SPDX-License-Identifier: MIT */
/*
 * Whole stacks of the same samples that callers_paths.h adds up by path, for formats that show them
 * (report/formats): every frame, with its place in a file, so that lines and inlined functions can
 * be told in the end. Bounded: what finds no room is added up in the first stack, which is of no
 * known caller, so sums are those of the report.
 */
#ifndef ANALYSIS_CALLERS_STACKS_H
#define ANALYSIS_CALLERS_STACKS_H

#include "callers_paths.h"
#include "callers_tally.h"

enum { CALLERS_STACKS_MAX = 50000, CALLERS_STACK_FRAMES_SHOWN = 128 };

/* A place that calls, or that is called at. */
struct callers_place {
    const char *path; /* pooled: of the file */
    uint64_t offset;  /* in it, of the call's last byte */
    const char *function;
    size_t mapping; /* index */
};

struct callers_stack {
    const char *called;  /* pooled; "": not known */
    bool is_whole;       /* it goes out to where a program or thread begins */
    size_t first, count; /* of `steps`, the innermost first; 0: nobody is known */
    uint64_t samples;    /* of time */
    double time;         /* their weights */
    double calls, bytes, live_calls, live_bytes; /* estimates; live: at the program's end */
};

struct callers_stacks {
    bool is_wanted;
    struct name_pool keys; /* of places and of mappings; value: index + 1 */
    struct attributed_mapping *mappings;
    struct callers_place *places;
    struct callers_stack *stacks;
    size_t *next;  /* stack in the same bucket; 0: none */
    size_t *steps; /* indexes of places */
    size_t mapping_count, place_count, stack_count, step_count;
    size_t mapping_capacity, place_capacity, stack_capacity, next_capacity, step_capacity;
    size_t buckets[CALLERS_PATH_BUCKETS]; /* 0: empty */
};

void callers_stacks_finish(struct callers_stacks *stacks);

/* The stack that the addresses are of, as of callers_paths_find. NULL when memory is out, or where
 * `stacks` is NULL or not wanted: nothing is added to it below. */
struct callers_stack *callers_stacks_find(struct callers_stacks *stacks,
                                          struct callers_paths *paths,
                                          struct attributor *attributor, pid_t pid,
                                          const uint64_t *addresses, size_t count);

/* `stack` may be NULL. */
void callers_stack_add_time(struct callers_stack *stack, double weight);
void callers_stack_add_call(struct callers_stack *stack, const struct callers_call *call);

#endif
