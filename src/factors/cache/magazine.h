/* SPDX-License-Identifier: MIT */
/*
 * Factor cache, level magazine: each thread has, for each class, a fixed stack of block pointers.
 *
 *      1024-aligned                                                  next magazine
 *      +------+--------+--------+-- ... --+--------+-- ... --+----------+
 *      | link | slot 1 | slot 2 |         | top    |  free   | slot 127 |
 *      +------+--------+--------+-- ... --+--------+-- ... --+----------+
 *      ^ empty: the top stands here       ^ top              ^ full: one more would be aligned
 *
 * Empty and full are both "aligned to a magazine": one word and one mask a class, and neither a
 * count nor a bound. Where blocks are big the mask is smaller and the magazine full sooner. No link
 * lies in a freed block, so writing to one harms nothing of ours.
 */
#ifndef HAK_FACTOR_CACHE_H
#define HAK_FACTOR_CACHE_H

#include <stdbool.h>

#include "../../magazine.h" /* not this file */
#include "thread.h"

#define HAK_CACHE_LEVEL "magazine"

static inline bool cache_is_empty(struct hak_thread *thread, size_t size_class)
{
    const struct hak_front *front = hak_front(thread, size_class);
    return ((uint16_t)front->top & front->mask) == 0;
}

/* The block that was pushed last; the class must not be empty. */
static inline void *cache_pop(struct hak_thread *thread, size_t size_class)
{
    struct hak_front *front = hak_front(thread, size_class);
    uintptr_t top = front->top;
    front->top = top - sizeof(void *);
    return *(void **)top;
}

/* How many blocks the class has; other threads ask, too. */
HAK_RACY static inline uint32_t cache_count(const struct hak_thread *thread, size_t size_class)
{
    return hak_top_count(thread->top[size_class]);
}

/* False: no room; the block was not taken. The class must have a magazine: see hak_heap_adopt. */
static inline bool cache_push(struct hak_thread *thread, size_t size_class, void *block)
{
    struct hak_front *front = hak_front(thread, size_class);
    uintptr_t top = front->top + sizeof(void *);
    if (HAK_UNLIKELY(((uint16_t)top & front->mask) == 0))
        return false;
    *(void **)top = block;
    front->top = top;
    return true;
}

#endif
