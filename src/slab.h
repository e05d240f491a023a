/* SPDX-License-Identifier: MIT */
/*
 * Slabs: 64 KiB of equal blocks, one unit of the arena. A slab belongs to one heap and is touched
 * by the thread that has the heap only. Of its blocks, some were never carved, some came back (the
 * freelist factor knows them), and all others count as taken: by the program, or in some magazine.
 *
 *      +--------+--------+--------+--------+ - - - - - - - +
 *      | taken  | back   | taken  | taken  |  never carved |
 *      +--------+--------+--------+--------+ - - - - - - - +
 *                                          ^ carved        ^ capacity
 */
#ifndef HAK_SLAB_H
#define HAK_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "size_class.h"

struct hak_heap;

/* Takes up to `want` blocks of the class out of the heap's slabs into `blocks`, the lowest address
 * last; a new slab is made where none has any. Returns how many; 0: no memory. */
uint32_t hak_slab_take(struct hak_heap *heap, size_t size_class, void **blocks, uint32_t want);

/* Puts a block of the heap back into its slab. Stops the process where it is free already. */
void hak_slab_give(struct hak_heap *heap, void *block);
void hak_slab_give_all(struct hak_heap *heap, void **blocks, uint32_t count);

/* True where a block of one of the heap's slabs starts: what lists of free blocks hold. Any pointer
 * will do. */
bool hak_slab_owns(const struct hak_heap *heap, const void *block);

/* Gives the empty slab kept for a class, for each class, back to the arena. */
void hak_slab_trim_class(struct hak_heap *heap, size_t size_class);
void hak_slab_trim(struct hak_heap *heap);

/* True where the block at `pointer` is certainly free: back in its slab, or never handed out. May
 * be asked of any slab by a thread that was given the pointer. */
bool hak_slab_is_free(const void *pointer);

static inline struct hak_slab *hak_slab_of(const void *pointer)
{
    return &hak_arena.records[((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT].slab;
}

static inline uint32_t hak_slab_unit(const struct hak_slab *slab)
{
    return (
        uint32_t)((const struct hak_unit *)((const char *)slab - offsetof(struct hak_unit, slab)) -
                  hak_arena.records);
}

/* The slab's HAK_SLAB_BITS bits in their own dense table: no two slabs' hot words share a set. */
static inline uint64_t *hak_slab_bits(const struct hak_slab *slab)
{
    return hak_arena.bits + (size_t)hak_slab_unit(slab) * (HAK_SLAB_BITS / 64);
}

#endif
