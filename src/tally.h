/* SPDX-License-Identifier: MIT */
/*
 * How malloc and free are counted without counting: a malloc takes one from its class's turn, which
 * has to be looked at anyway, and a free counts nothing. Whenever a slow path comes by,
 *
 *      mallocs = what was granted - what is left of the turn
 *      frees   = mallocs + blocks in the magazine now - blocks in it then
 *
 * go to the heap's counter page. So a page is behind by what happened since the class's last slow
 * path: at most a turn of mallocs, and as many frees and a magazine more.
 */
#ifndef HAK_TALLY_H
#define HAK_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "factors.h"
#include "heap.h"

#include HAK_QUARANTINE

struct hak_tally_difference {
    uint64_t mallocs, frees;
};

/* Blocks that the thread took back and holds: in its magazine, or in quarantine. */
static inline uint32_t hak_tally_count(const struct hak_thread *thread, const struct hak_heap *heap,
                                       size_t size_class)
{
    return cache_count(thread, size_class) + quarantine_count(heap, size_class);
}

/* What the counters are behind; also asked by other threads. */
HAK_RACY static inline struct hak_tally_difference
hak_tally_since(const struct hak_thread *thread, const struct hak_heap *heap, size_t size_class)
{
    const struct hak_tally *tally = &heap->tally[size_class];
    uint64_t mallocs = tally->granted - thread->rest[size_class].turn;
    return (struct hak_tally_difference){
        mallocs, mallocs + hak_tally_count(thread, heap, size_class) - tally->held};
}

static inline void hak_tally_forget_class(const struct hak_thread *thread, struct hak_heap *heap,
                                          size_t size_class)
{
    struct hak_tally *tally = &heap->tally[size_class];
    tally->until_sample -= tally->granted - thread->rest[size_class].turn;
    tally->granted = thread->rest[size_class].turn;
    tally->held = hak_tally_count(thread, heap, size_class);
}

/* Brings the class's counters up to date. */
static inline void hak_tally(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    struct hak_tally_difference made = hak_tally_since(thread, heap, size_class);
    thread->counters->mallocs[size_class] += made.mallocs;
    thread->counters->frees[size_class] += made.frees;
    hak_tally_forget_class(thread, heap, size_class);
}

void hak_tally_all(struct hak_thread *thread, struct hak_heap *heap);

/* Around what puts blocks into the class's cache or quarantine or takes them out and is no malloc
 * or free: first hak_tally, then this. */
static inline void hak_tally_held(const struct hak_thread *thread, struct hak_heap *heap,
                                  size_t size_class)
{
    heap->tally[size_class].held = hak_tally_count(thread, heap, size_class);
}

/* What was done so far is counted elsewhere. */
void hak_tally_forget(struct hak_thread *thread, struct hak_heap *heap);

/* The class's next slow path comes after so many mallocs, or sooner where one is to be sampled:
 * that is the turn's last, see sample.h. */
void hak_tally_grant(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                     uint32_t mallocs);

/* Adds to `sum` what the page of a thread's heap is behind, as another thread sees it: safe while
 * the thread can't end. */
void hak_tally_pending(const struct hak_thread *thread, const struct hak_heap *heap,
                       struct hak_counter_page *sum);

#endif
