/* SPDX-License-Identifier: MIT */
/*
 * Where empty magazines come from and go to. A heap keeps a few; what it has more flows in batches
 * through a shared pool to heaps that need some (a consumer's outbox empties a producer's supply).
 * In a batch, magazines are linked through their link words; batches through slot 0 of their first.
 */
#include "magazine.h"

#include "arena.h"
#include "counters.h"
#include "depot.h"
#include "heap.h"
#include "lock.h"
#include "misuse.h"

enum {
    BATCH = 16,
    MORE_MAX = 256, /* so many more may be kept: 256 KiB */
};

static struct {
    struct hak_lock lock;
    struct hak_magazine *batches;
} pool;

static bool take_from_chunk(struct hak_heap *heap)
{
    if (heap->chunk == heap->chunk_end) {
        uint32_t unit = hak_arena_take_unit(HAK_WORD_INTERNAL, NULL);
        if (unit == HAK_NO_UNIT)
            return false;
        heap->chunk = hak_unit_address(unit);
        heap->chunk_end = heap->chunk + HAK_SLAB_BYTES;
    }
    hak_magazine_keep(heap, (struct hak_magazine *)heap->chunk);
    heap->chunk += sizeof(struct hak_magazine);
    return true;
}

static bool take_batch(struct hak_heap *heap)
{
    if (!__atomic_load_n(&pool.batches, __ATOMIC_RELAXED))
        return false;
    hak_lock(&pool.lock);
    struct hak_magazine *first = pool.batches;
    if (first) {
        hak_must_hold(hak_is_magazine(first->slot[0]), first, "a batch of magazines");
        __atomic_store_n(&pool.batches, first->slot[0], __ATOMIC_RELAXED);
        heap->empty = first;
        heap->empty_count = BATCH;
    }
    hak_unlock(&pool.lock);
    return first != NULL;
}

/* A heap that shared some and now wants them back keeps more from now on: batches of blocks that a
 * program allocates and frees in turn should not pass through the pool each time. */
bool hak_magazine_stock(struct hak_heap *heap)
{
    if (!take_batch(heap))
        return take_from_chunk(heap);
    if (heap->empty_shared) {
        heap->empty_shared = false;
        if (heap->empty_more < MORE_MAX)
            heap->empty_more += heap->empty_more + HAK_EMPTY_LIMIT;
    }
    return true;
}

void hak_magazine_share(struct hak_heap *heap)
{
    struct hak_magazine *first = heap->empty, *last = first;
    for (int i = 1; i < BATCH; i++)
        last = hak_link_next(last->link);
    heap->empty = hak_link_next(last->link);
    heap->empty_count -= BATCH;
    heap->empty_shared = true;
    last->link = 0;
    hak_lock(&pool.lock);
    first->slot[0] = pool.batches;
    __atomic_store_n(&pool.batches, first, __ATOMIC_RELAXED);
    hak_unlock(&pool.lock);
}

void hak_magazine_lock_for_fork(void)
{
    hak_lock_for_fork(&pool.lock);
}

void hak_magazine_unlock_after_fork(void)
{
    hak_unlock_after_fork(&pool.lock);
}
