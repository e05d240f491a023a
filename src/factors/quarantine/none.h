/* SPDX-License-Identifier: MIT */
/* Measure quarantine, level none: what was freed last is handed out next. */
#ifndef HAK_FACTOR_QUARANTINE_H
#define HAK_FACTOR_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "thread.h"

#include HAK_CACHE

enum { HAK_QUARANTINE_SPANS = 0 }; /* spans that wait */

/* A block that the thread, which has a heap, frees. Where false nothing has changed: hand it to
 * quarantine_exchange. */
static inline bool quarantine_push(struct hak_thread *thread, size_t size_class, void *block)
{
    return cache_push(thread, size_class, block);
}

/* A block begins to wait; returns the one that has waited for it, or NULL. */
static inline void *quarantine_exchange(struct hak_heap *heap, size_t size_class, void *block)
{
    (void)heap, (void)size_class;
    return block;
}

/* The same for as many blocks as do not lengthen the wait of others: each of `blocks` is exchanged
 * for one that has waited. */
static inline void quarantine_pass(struct hak_heap *heap, size_t size_class, void **blocks,
                                   uint32_t count)
{
    (void)heap, (void)size_class, (void)blocks, (void)count;
}

/* Blocks of the class that wait; other threads ask, too. */
static inline uint32_t quarantine_count(const struct hak_heap *heap, size_t size_class)
{
    (void)heap, (void)size_class;
    return 0;
}

/* Moves them to `blocks`, which has room for HAK_MAGAZINE_SLOTS; returns how many. */
static inline uint32_t quarantine_drain(struct hak_heap *heap, size_t size_class, void **blocks)
{
    (void)heap, (void)size_class, (void)blocks;
    return 0;
}

static inline bool quarantine_holds(const struct hak_heap *heap, size_t size_class,
                                    const void *block)
{
    (void)heap, (void)size_class, (void)block;
    return false;
}

/* A span that is given back: returns the one that leaves for it, or HAK_NO_UNIT. Under the arena's
 * lock. */
static inline uint32_t quarantine_span(uint32_t unit)
{
    return unit;
}

/* One that waits, wherever it stands; HAK_NO_UNIT: none does. Under the arena's lock. */
static inline uint32_t quarantine_span_out(void)
{
    return HAK_NO_UNIT;
}

#endif
