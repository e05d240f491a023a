/* SPDX-License-Identifier: MIT */
/* Measure slots, level ordered: blocks leave a slab from its start, and a magazine from its top. */
#ifndef HAK_FACTOR_SLOTS_H
#define HAK_FACTOR_SLOTS_H

#include "slab.h"
#include "thread.h"

#include HAK_CACHE
#include HAK_FREELIST

enum { HAK_SLOTS_RANDOM = 0 }; /* 1: of a new slab every block counts as come back */

/* A block of the thread's cache; the class must not be empty. */
static inline void *slots_pop(struct hak_thread *thread, size_t size_class)
{
    return cache_pop(thread, size_class);
}

/* Takes up to `want` of the blocks that are back in the slab: writes their indexes, returns how
 * many. */
static inline uint32_t slots_take(struct hak_slab *slab, uint16_t *indexes, uint32_t want)
{
    return freelist_take(slab, indexes, want);
}

/* All blocks of a new slab that count as come back do; returns how many. */
static inline uint16_t slots_fill(struct hak_slab *slab)
{
    (void)slab;
    return 0;
}

#endif
