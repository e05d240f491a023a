/* SPDX-License-Identifier: MIT */
/*
 * A heap's stock of magazines: full ones of each class (its depot, bounded by bytes), and empty
 * ones. Exchanging one for the other is all that most refills and overflows do, so it is inline.
 */
#ifndef HAK_DEPOT_H
#define HAK_DEPOT_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"
#include "heap.h"
#include "magazine.h"
#include "misuse.h"

/* An empty magazine: from the heap, else from the shared pool, else from a new chunk. NULL: no
 * memory. */
static inline struct hak_magazine *hak_magazine_take(struct hak_heap *heap)
{
    if (HAK_UNLIKELY(!heap->empty) && !hak_magazine_stock(heap))
        return NULL;
    struct hak_magazine *magazine = heap->empty;
    hak_must_hold(hak_magazine_is_sound(magazine), magazine, "a magazine's link");
    heap->empty = hak_link_next(magazine->link);
    heap->empty_count--;
    return magazine;
}

static inline void hak_magazine_keep(struct hak_heap *heap, struct hak_magazine *magazine)
{
    magazine->link = hak_link(heap->empty, 0, 0);
    heap->empty = magazine;
    heap->empty_count++;
}

/* Takes an empty one back; what a heap has too many of goes to the shared pool in batches. */
static inline void hak_magazine_give(struct hak_heap *heap, struct hak_magazine *magazine)
{
    hak_magazine_keep(heap, magazine);
    if (HAK_UNLIKELY(heap->empty_count >= HAK_EMPTY_LIMIT + heap->empty_more))
        hak_magazine_share(heap);
}

static inline bool hak_depot_has_room(const struct hak_heap *heap, size_t size_class,
                                      uint32_t blocks)
{
    return heap->bin[size_class].depot_bytes + blocks * hak_class_bytes[size_class] <=
           hak_depot_bound(size_class);
}

/* A full (or partly filled) magazine of the class. False: the depot is full; it was not taken. */
static inline bool hak_depot_push(struct hak_heap *heap, size_t size_class,
                                  struct hak_magazine *magazine, uint32_t count)
{
    struct hak_bin *bin = &heap->bin[size_class];
    if (!hak_depot_has_room(heap, size_class, count))
        return false;
    magazine->link = hak_link(bin->depot, size_class, count);
    bin->depot = magazine;
    bin->depot_bytes += count * hak_class_bytes[size_class];
    bin->depot_count++;
    return true;
}

/* NULL: the depot has none. */
static inline struct hak_magazine *hak_depot_pop(struct hak_heap *heap, size_t size_class,
                                                 uint32_t *count)
{
    struct hak_bin *bin = &heap->bin[size_class];
    struct hak_magazine *magazine = bin->depot;
    if (!magazine)
        return NULL;
    hak_must_hold(hak_magazine_is_sound(magazine) && hak_link_class(magazine->link) == size_class,
                  magazine, "a magazine's link");
    bin->depot = hak_link_next(magazine->link);
    *count = hak_link_count(magazine->link);
    bin->depot_bytes -= *count * hak_class_bytes[size_class];
    if (--bin->depot_count < bin->depot_low)
        bin->depot_low = bin->depot_count;
    return magazine;
}

#endif
