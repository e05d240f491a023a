/* SPDX-License-Identifier: MIT */
/* The stacks that sampled blocks were asked for with, each kept once, as places in code. */
#ifndef ANALYSIS_HEAP_PATHS_H
#define ANALYSIS_HEAP_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attribute/attribute.h"
#include "attribute/name_pool.h"
#include "report/heap_model.h"

/* More of them are added up in the first path, which is of no known caller. */
enum { HEAP_PATHS_MAX = 20000, HEAP_PLACES_MAX = 100000, HEAP_BUCKETS = 16384 };

/* A hash table by chains: of items that stand elsewhere, by their index from 1. */
struct heap_index {
    uint32_t *next; /* of each item, the next in its bucket; 0: none */
    size_t capacity;
    uint32_t buckets[HEAP_BUCKETS];
};

struct heap_paths {
    struct name_pool names;
    struct heap_frame *frames; /* one line each so far: the symbol's */
    struct heap_line *symbols; /* of each frame */
    size_t frame_count, frame_capacity, symbol_capacity;
    struct heap_path *paths; /* whose figures are zero; `frames` is each one's own */
    size_t path_count, path_capacity;
    struct heap_index by_place, by_stack;
};

/* False: no memory. */
bool heap_paths_start(struct heap_paths *paths);
void heap_paths_finish(struct heap_paths *paths);

/* The index of the path that a stack is of; `addresses` as of unwind.h, HEAP_FRAMES_MAX at most.
 * What the attributor knows as the allocator's is left out inside, how programs start outside. 0
 * where nobody outside of malloc is in it. */
size_t heap_paths_find(struct heap_paths *paths, struct attributor *attributor, pid_t pid,
                       const uint64_t *addresses, size_t count);

/* Fills in the lines of a frame, with the functions inlined there, where debug information tells
 * them; for as long as the attributor lives. */
void heap_paths_find_lines(struct heap_paths *paths, struct attributor *attributor, uint32_t frame);

#endif
