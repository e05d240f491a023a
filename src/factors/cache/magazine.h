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
 * lies in a freed block, so writing to one harms nothing of ours. A full magazine is exchanged
 * whole.
 */
#ifndef HAK_FACTOR_CACHE_H
#define HAK_FACTOR_CACHE_H

#include <stdbool.h>
#include <string.h>

#include "depot.h"
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

/* False: no room; the block was not taken. The class must be open: see hak_heap_adopt. */
static inline bool cache_push(struct hak_thread *thread, size_t size_class, void *block)
{
    struct hak_front *front = hak_front(thread, size_class);
    uintptr_t top = front->top + sizeof(void *);
    if (HAK_UNLIKELY(((uint16_t)top & front->mask) == 0))
        return false;
    *(void **)top = block;
    hak_before_fork_sees();
    front->top = top;
    return true;
}

/* How many blocks the class has; other threads ask, too. */
HAK_RACY static inline uint32_t cache_count(const struct hak_thread *thread, size_t size_class)
{
    return hak_top_count(thread->top[size_class]);
}

/* What `mask` is for the class. */
static inline uint32_t cache_mask(size_t size_class)
{
    return hak_magazine_mask(size_class);
}

/* Room for blocks of a class that has none yet: its first word. False: no memory. */
static inline bool cache_open(struct hak_heap *heap, uintptr_t *first_word)
{
    struct hak_magazine *magazine = hak_magazine_take(heap);
    if (!magazine)
        return false;
    *first_word = hak_magazine_top(magazine, 0);
    return true;
}

/* The room of an empty class goes back. */
static inline void cache_close(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    if (thread->top[size_class] != 0)
        hak_magazine_give(heap, hak_top_magazine(thread->top[size_class]));
    thread->top[size_class] = 0;
}

/* A magazine's blocks become those of the class, which is empty; the last is popped first. */
static inline void cache_swap_in(struct hak_thread *thread, struct hak_heap *heap,
                                 size_t size_class, struct hak_magazine *full, uint32_t count)
{
    if (thread->top[size_class] != 0)
        hak_magazine_give(heap, hak_top_magazine(thread->top[size_class]));
    thread->top[size_class] = hak_magazine_top(full, count);
}

/* All blocks of the class, which is full, in a magazine; the class is empty then. NULL: no memory
 * for another one, nothing was changed. */
static inline struct hak_magazine *cache_swap_out(struct hak_thread *thread, struct hak_heap *heap,
                                                  size_t size_class, uint32_t *count)
{
    uintptr_t top = thread->top[size_class];
    struct hak_magazine *empty = hak_magazine_take(heap);
    if (!empty)
        return NULL;
    *count = hak_top_count(top);
    thread->top[size_class] = hak_magazine_top(empty, 0);
    return hak_top_magazine(top);
}

/* Where blocks for the class, which is open and empty, are best put, for cache_fill: `spare`, or a
 * place of its own. */
static inline void **cache_landing(struct hak_thread *thread, size_t size_class, void **spare)
{
    (void)spare;
    return hak_top_magazine(thread->top[size_class])->slot;
}

/* These blocks, no more than a magazine of the class takes, become those of the empty class. */
static inline void cache_fill(struct hak_thread *thread, size_t size_class, void **blocks,
                              uint32_t count)
{
    struct hak_magazine *magazine = hak_top_magazine(thread->top[size_class]);
    if (blocks != magazine->slot)
        memcpy(magazine->slot, blocks, count * sizeof(void *));
    thread->top[size_class] = hak_magazine_top(magazine, count);
}

/* Takes the `count` oldest blocks out. */
static inline void cache_drain(struct hak_thread *thread, size_t size_class, void **blocks,
                               uint32_t count)
{
    struct hak_magazine *magazine = hak_top_magazine(thread->top[size_class]);
    uint32_t left = hak_top_count(thread->top[size_class]) - count;
    memcpy(blocks, magazine->slot, count * sizeof(void *));
    memmove(magazine->slot, magazine->slot + count, left * sizeof(void *));
    thread->top[size_class] = hak_magazine_top(magazine, left);
}

static inline bool cache_holds(const struct hak_thread *thread, size_t size_class,
                               const void *block)
{
    uintptr_t top = thread->top[size_class];
    return top != 0 && hak_magazine_holds(hak_top_magazine(top), hak_top_count(top), block);
}

#endif
