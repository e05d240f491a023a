/* SPDX-License-Identifier: MIT */
/*
 * Measure quarantine, level ring: a freed block takes the place of a random one among those of its
 * class that wait, and that one goes to the cache. How many wait is bounded in bytes:
 *
 *      free(block) --> | a | b | c | d | --> c --> the thread's cache
 *                              ^ chosen at random
 *
 * So a block is not handed out again until some more of its class were freed, and nobody knows how
 * many. Blocks that other threads freed wait when their owner collects them. Spans wait in a
 * quarantine of the arena's, without memory. What waits is flushed when a thread's cache is: when
 * it is idle, trimmed, or its thread ends.
 */
#ifndef HAK_FACTOR_QUARANTINE_H
#define HAK_FACTOR_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "factors/quarantine/spans.h"
#include "heap.h"
#include "choices.h"
#include "thread.h"

#include HAK_CACHE

enum {
    HAK_QUARANTINE_SPANS = 64,
    HAK_QUARANTINE_BYTES = 8 * 1024, /* of one class that wait, at the most, if more than one do */
};

/* Places of the class, less one: as many as the bound allows, a power of two. */
static inline uint32_t quarantine_mask(size_t size_class)
{
    return hak_quarantine_mask[size_class];
}

/* The place is taken before its block goes on: a child forked by another thread in between lacks a
 * block, and has none twice. */
static inline bool quarantine_push(struct hak_thread *thread, size_t size_class, void *block)
{
    void **place =
        &thread->heap->quarantine[size_class][hak_random() & quarantine_mask(size_class)];
    void *out = *place;
    if (HAK_UNLIKELY(!out))
        return false;
    *place = block;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (HAK_UNLIKELY(!cache_push(thread, size_class, out))) {
        *place = out;
        return false;
    }
    return true;
}

static inline void *quarantine_exchange(struct hak_heap *heap, size_t size_class, void *block)
{
    uint32_t mask = quarantine_mask(size_class), first = hak_random() & mask;
    void **ring = heap->quarantine[size_class];
    for (uint32_t i = 0; heap->quarantined[size_class] <= mask && i <= mask; i++) {
        void **place = &ring[(first + i) & mask];
        if (*place)
            continue;
        *place = block;
        heap->quarantined[size_class]++;
        return NULL;
    }
    void *out = ring[first];
    ring[first] = block;
    return out;
}

static inline void quarantine_pass(struct hak_heap *heap, size_t size_class, void **blocks,
                                   uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        void **place = &heap->quarantine[size_class][hak_random() & quarantine_mask(size_class)];
        void *out = *place;
        if (!out)
            continue;
        *place = blocks[i];
        blocks[i] = out;
    }
}

HAK_RACY static inline uint32_t quarantine_count(const struct hak_heap *heap, size_t size_class)
{
    return heap->quarantined[size_class];
}

static inline uint32_t quarantine_drain(struct hak_heap *heap, size_t size_class, void **blocks)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i <= quarantine_mask(size_class); i++) {
        void **place = &heap->quarantine[size_class][i];
        if (*place)
            blocks[count++] = *place;
        *place = NULL;
    }
    heap->quarantined[size_class] = 0;
    return count;
}

static inline bool quarantine_holds(const struct hak_heap *heap, size_t size_class,
                                    const void *block)
{
    for (uint32_t i = 0; i <= quarantine_mask(size_class); i++) {
        if (heap->quarantine[size_class][i] == block)
            return true;
    }
    return false;
}

static inline uint32_t quarantine_span(uint32_t unit)
{
    return hak_quarantine_span(unit);
}

static inline uint32_t quarantine_span_out(void)
{
    return hak_quarantine_span_out();
}

#endif
