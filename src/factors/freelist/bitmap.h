/* SPDX-License-Identifier: MIT */
/*
 * Factor freelist, level bitmap: a slab's free blocks are bits outside the slab, one a block, set
 * for those that came back. Blocks at or beyond `carved` were never handed out and have no bit.
 * Only the slab's owner writes.
 */
#ifndef HAK_FACTOR_FREELIST_H
#define HAK_FACTOR_FREELIST_H

#include <stdbool.h>
#include <string.h>

#include "slab.h"

#define HAK_FREELIST_LEVEL "bitmap"
enum { HAK_FREELIST_IN_BLOCKS = 0 }; /* 1: a free block's page can't be given away */

static inline void freelist_init(struct hak_slab *slab)
{
    memset(hak_slab_bits(slab), 0, ((size_t)slab->capacity + 63) / 64 * sizeof(uint64_t));
    slab->first = 0;
}

/* Takes up to `want` of the blocks that came back, lowest first: writes their indexes, returns how
 * many. */
static inline uint32_t freelist_take(struct hak_slab *slab, uint16_t *indexes, uint32_t want)
{
    uint64_t *bits = hak_slab_bits(slab);
    uint32_t taken = 0;
    uint32_t words = (slab->carved + 63u) / 64u;
    for (uint32_t w = slab->first; w < words && taken < want; w++) {
        uint64_t word = bits[w];
        while (word != 0 && taken < want) {
            indexes[taken++] = (uint16_t)(w * 64 + (uint32_t)__builtin_ctzll(word));
            word &= word - 1;
        }
        __atomic_store_n(&bits[w], word, __ATOMIC_RELAXED);
        slab->first = (uint16_t)w;
    }
    return taken;
}

/* False: the block is free already. */
static inline bool freelist_give(struct hak_slab *slab, uint32_t index)
{
    uint64_t *word = &hak_slab_bits(slab)[index / 64];
    uint64_t bit = UINT64_C(1) << (index % 64);
    if (*word & bit)
        return false;
    __atomic_store_n(word, *word | bit, __ATOMIC_RELAXED);
    if (index / 64 < slab->first)
        slab->first = (uint16_t)(index / 64);
    return true;
}

/* May be asked by any thread: an answer of true about a block that the asker holds is certain. */
static inline bool freelist_is_free(struct hak_slab *slab, uint32_t index)
{
    return __atomic_load_n(&hak_slab_bits(slab)[index / 64], __ATOMIC_RELAXED) >> (index % 64) & 1;
}

#endif
