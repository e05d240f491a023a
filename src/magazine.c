/* SPDX-License-Identifier: MIT */
/*
 * Where empty magazines come from and go to. A heap keeps a few; what it has more flows in batches
 * through a shared pool to heaps that need some (a consumer's outbox empties a producer's supply).
 * In a batch, magazines are linked through their link words; batches through slot 0 of their first.
 */
#include "magazine.h"

#include "arena.h"
#include "counters.h"
#include "heap.h"
#include "lock.h"

enum { BATCH = 16 };

static struct {
    struct hak_lock lock;
    struct hak_magazine *batches;
} pool;

static struct hak_magazine *take_from_chunk(struct hak_heap *heap)
{
    if (heap->chunk == heap->chunk_end) {
        uint32_t unit = hak_arena_take(1, 1, HAK_WORD_INTERNAL, NULL);
        if (unit == HAK_NO_UNIT)
            return NULL;
        heap->chunk = hak_unit_address(unit);
        heap->chunk_end = heap->chunk + HAK_SLAB_BYTES;
    }
    struct hak_magazine *magazine = (struct hak_magazine *)heap->chunk;
    heap->chunk += sizeof *magazine;
    return magazine;
}

static void take_batch(struct hak_heap *heap)
{
    if (!__atomic_load_n(&pool.batches, __ATOMIC_RELAXED))
        return;
    hak_lock(&pool.lock);
    struct hak_magazine *first = pool.batches;
    if (first) {
        __atomic_store_n(&pool.batches, first->slot[0], __ATOMIC_RELAXED);
        heap->empty = first;
        heap->empty_count = BATCH;
    }
    hak_unlock(&pool.lock);
}

struct hak_magazine *hak_magazine_take(struct hak_heap *heap)
{
    if (!heap->empty)
        take_batch(heap);
    struct hak_magazine *magazine = heap->empty;
    if (!magazine)
        return take_from_chunk(heap);
    heap->empty = hak_link_next(magazine->link);
    heap->empty_count--;
    return magazine;
}

static void give_batch(struct hak_heap *heap)
{
    struct hak_magazine *first = heap->empty, *last = first;
    for (int i = 1; i < BATCH; i++)
        last = hak_link_next(last->link);
    heap->empty = hak_link_next(last->link);
    heap->empty_count -= BATCH;
    last->link = 0;
    hak_lock(&pool.lock);
    first->slot[0] = pool.batches;
    __atomic_store_n(&pool.batches, first, __ATOMIC_RELAXED);
    hak_unlock(&pool.lock);
}

void hak_magazine_give(struct hak_heap *heap, struct hak_magazine *magazine)
{
    magazine->link = hak_link(heap->empty, 0, 0);
    heap->empty = magazine;
    if (++heap->empty_count >= 2 * BATCH)
        give_batch(heap);
}

bool hak_depot_push(struct hak_heap *heap, size_t size_class, struct hak_magazine *magazine,
                    uint32_t count)
{
    struct hak_bin *bin = &heap->bin[size_class];
    uint32_t bytes = count * hak_class_bytes[size_class];
    if (bin->depot_bytes + bytes > hak_depot_bound(size_class))
        return false;
    magazine->link = hak_link(bin->depot, size_class, count);
    bin->depot = magazine;
    bin->depot_bytes += bytes;
    bin->depot_count++;
    return true;
}

struct hak_magazine *hak_depot_pop(struct hak_heap *heap, size_t size_class, uint32_t *count)
{
    struct hak_bin *bin = &heap->bin[size_class];
    struct hak_magazine *magazine = bin->depot;
    if (!magazine)
        return NULL;
    bin->depot = hak_link_next(magazine->link);
    *count = hak_link_count(magazine->link);
    bin->depot_bytes -= *count * hak_class_bytes[size_class];
    if (--bin->depot_count < bin->depot_low)
        bin->depot_low = bin->depot_count;
    return magazine;
}

void hak_magazine_lock(void)
{
    hak_lock(&pool.lock);
}

void hak_magazine_unlock(void)
{
    hak_unlock(&pool.lock);
}
