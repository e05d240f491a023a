/* SPDX-License-Identifier: MIT */
/*
 * Factor cache, level unified: each thread has, for each class, a ring of block pointers with head,
 * tail and mask. Blocks are pushed at the tail and popped at the head, first in first out. One slot
 * stays empty, to tell a full ring from an empty one.
 *
 *            head               tail
 *      +----+-------+-----+-----+------+ - - +
 *      |    | block | ... | ... | free |     |    mask + 1 slots
 *      +----+-------+-----+-----+------+ - - +
 *
 * First word: the ring, in a magazine's memory. Second word: head and tail.
 */
#ifndef HAK_FACTOR_CACHE_H
#define HAK_FACTOR_CACHE_H

#include <stdbool.h>

#include "depot.h"
#include "thread.h"

#define HAK_CACHE_LEVEL "unified"

struct cache_ends {
    uint16_t head, tail;
};

static inline struct cache_ends *cache_ends(struct hak_front *front)
{
    return (struct cache_ends *)(void *)hak_front_more(front);
}

static inline bool cache_is_empty(struct hak_thread *thread, size_t size_class)
{
    const struct cache_ends *ends = cache_ends(hak_front(thread, size_class));
    return ends->head == ends->tail;
}

static inline void *cache_pop(struct hak_thread *thread, size_t size_class)
{
    struct hak_front *front = hak_front(thread, size_class);
    struct cache_ends *ends = cache_ends(front);
    uint32_t head = ends->head;
    ends->head = (uint16_t)((head + 1) & front->mask);
    return ((void **)front->top)[head];
}

static inline bool cache_push(struct hak_thread *thread, size_t size_class, void *block)
{
    struct hak_front *front = hak_front(thread, size_class);
    struct cache_ends *ends = cache_ends(front);
    uint32_t tail = ends->tail, next = (tail + 1) & front->mask;
    if (HAK_UNLIKELY(next == ends->head))
        return false;
    ((void **)front->top)[tail] = block;
    hak_before_fork_sees();
    ends->tail = (uint16_t)next;
    return true;
}

HAK_RACY static inline uint32_t cache_count(const struct hak_thread *thread, size_t size_class)
{
    const struct cache_ends *ends = (const void *)&thread->more[size_class];
    return ((uint32_t)ends->tail - ends->head) & thread->rest[size_class].mask;
}

/* A ring takes as many blocks as a magazine, and has one slot more. */
static inline uint32_t cache_mask(size_t size_class)
{
    return hak_magazine_slots(size_class);
}

static inline bool cache_open(struct hak_heap *heap, uintptr_t *first_word)
{
    *first_word = (uintptr_t)hak_magazine_take(heap);
    return *first_word != 0;
}

static inline void cache_close(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    if (thread->top[size_class] != 0)
        hak_magazine_give(heap, (struct hak_magazine *)thread->top[size_class]);
    thread->top[size_class] = 0;
    thread->more[size_class] = 0;
}

static inline void cache_fill(struct hak_thread *thread, size_t size_class, void **blocks,
                              uint32_t count)
{
    for (uint32_t i = count; i > 0; i--)
        cache_push(thread, size_class, blocks[i - 1]);
}

static inline void cache_drain(struct hak_thread *thread, size_t size_class, void **blocks,
                               uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        blocks[i] = cache_pop(thread, size_class);
}

static inline void cache_swap_in(struct hak_thread *thread, struct hak_heap *heap,
                                 size_t size_class, struct hak_magazine *full, uint32_t count)
{
    if (thread->top[size_class] == 0) {
        /* It holds what the ring takes, but where the ring stands there is no room for the blocks:
         * they are put one place up. */
        thread->top[size_class] = (uintptr_t)full;
        *(struct cache_ends *)(void *)&thread->more[size_class] =
            (struct cache_ends){1, (uint16_t)((count + 1) & thread->rest[size_class].mask)};
        return;
    }
    cache_fill(thread, size_class, full->slot, count);
    hak_magazine_give(heap, full);
}

static inline bool cache_holds(const struct hak_thread *thread, size_t size_class,
                               const void *block)
{
    const struct cache_ends *ends = (const void *)&thread->more[size_class];
    void *const *ring = (void *const *)thread->top[size_class];
    uint32_t mask = thread->rest[size_class].mask;
    for (uint32_t at = ends->head; at != ends->tail; at = (at + 1) & mask) {
        if (ring[at] == block)
            return true;
    }
    return false;
}

#include "copied.h"

#endif
