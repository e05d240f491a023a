/* SPDX-License-Identifier: MIT */
/*
 * Factor cache, level tcache: each thread has, for each class, a list of free blocks of bounded
 * length, last in first out, each link in the first word of its block, as glibc's tcache has (but
 * without its mangling of links). A pop loads the block it is about to hand out; what a program
 * writes to a block after it freed it may become a link.
 *
 * First word: the first block. Second word: how many there are.
 */
#ifndef HAK_FACTOR_CACHE_H
#define HAK_FACTOR_CACHE_H

#include <stdbool.h>

#include "depot.h"
#include "thread.h"

#define HAK_CACHE_LEVEL "tcache"

static inline bool cache_is_empty(struct hak_thread *thread, size_t size_class)
{
    return hak_front(thread, size_class)->top == 0;
}

static inline void *cache_pop(struct hak_thread *thread, size_t size_class)
{
    struct hak_front *front = hak_front(thread, size_class);
    void **block = (void **)front->top;
    front->top = (uintptr_t)*block;
    --*hak_front_more(front);
    return block;
}

static inline bool cache_push(struct hak_thread *thread, size_t size_class, void *block)
{
    struct hak_front *front = hak_front(thread, size_class);
    uint64_t *count = hak_front_more(front);
    if (HAK_UNLIKELY(*count >= front->mask))
        return false;
    *(void **)block = (void *)front->top;
    front->top = (uintptr_t)block;
    ++*count;
    return true;
}

HAK_RACY static inline uint32_t cache_count(const struct hak_thread *thread, size_t size_class)
{
    return (uint32_t)thread->more[size_class];
}

/* As many blocks as a magazine takes. */
static inline uint32_t cache_mask(size_t size_class)
{
    return hak_magazine_slots(size_class);
}

static inline bool cache_open(struct hak_heap *heap, uintptr_t *first_word)
{
    (void)heap, (void)first_word;
    return true;
}

static inline void cache_close(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    (void)thread, (void)heap, (void)size_class;
}

static inline void cache_fill(struct hak_thread *thread, size_t size_class, void **blocks,
                              uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        cache_push(thread, size_class, blocks[i]);
}

/* The oldest are at the list's end. */
static inline void cache_drain(struct hak_thread *thread, size_t size_class, void **blocks,
                               uint32_t count)
{
    void **at = (void **)&thread->top[size_class];
    for (uint64_t keep = thread->more[size_class] - count; keep > 0; keep--)
        at = *at;
    void *block = *at;
    *at = NULL;
    for (uint32_t i = 0; i < count; i++, block = *(void **)block)
        blocks[count - 1 - i] = block;
    thread->more[size_class] -= count;
}

static inline void cache_swap_in(struct hak_thread *thread, struct hak_heap *heap,
                                 size_t size_class, struct hak_magazine *full, uint32_t count)
{
    cache_fill(thread, size_class, full->slot, count);
    hak_magazine_give(heap, full);
}

static inline bool cache_holds(const struct hak_thread *thread, size_t size_class,
                               const void *block)
{
    uint64_t left = thread->more[size_class];
    for (void *at = (void *)thread->top[size_class]; at && left > 0; at = *(void **)at, left--) {
        if (at == block)
            return true;
    }
    return false;
}

#include "copied.h"

#endif
