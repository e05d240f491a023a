/* SPDX-License-Identifier: MIT */
/*
 * Measure slots, level random: which of a slab's free blocks leaves it, and which of a magazine's
 * a malloc gets, is chosen at random. So nobody knows what lies beside a block, nor which block he
 * gets back for the one he freed.
 *
 * A new slab's blocks are all in its bitmap from the beginning. Needs the levels `bitmap` of the
 * factor freelist and `magazine` of cache.
 */
#ifndef HAK_FACTOR_SLOTS_H
#define HAK_FACTOR_SLOTS_H

#include <stdbool.h>

#include "magazine.h"
#include "choices.h"
#include "slab.h"
#include "thread.h"

#include HAK_CACHE
#include HAK_FREELIST

enum { HAK_SLOTS_RANDOM = 1 };

/* The top block moves to the chosen one's place. The top itself goes down first: a child forked by
 * another thread in between lacks one block, and has none twice. */
static inline void *slots_pop(struct hak_thread *thread, size_t size_class)
{
    struct hak_front *front = hak_front(thread, size_class);
    uintptr_t top = front->top;
    void **magazine = (void **)hak_top_magazine(top);
    void **slot = &magazine[1 + hak_random_below(hak_top_count(top))];
    void *block = *slot;
    front->top = top - sizeof(void *);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    *slot = *(void **)top;
    return block;
}

/* The place of some bit that is set in `word`, which is not 0. */
static inline uint32_t slots_choose(uint64_t word)
{
    uint32_t turn = hak_random() >> 26;
    uint64_t turned = word >> turn | word << (-turn & 63);
    return ((uint32_t)__builtin_ctzll(turned) + turn) & 63;
}

static inline uint32_t slots_take(struct hak_slab *slab, uint16_t *indexes, uint32_t want)
{
    uint64_t *bits = hak_slab_bits(slab);
    uint32_t words = (slab->capacity + 63u) / 64u, taken = 0, empty = 0;
    uint32_t w = hak_random_below(words);
    while (taken < want && empty < words) {
        uint64_t word = bits[w];
        if (word == 0) {
            empty++;
            w = w + 1 < words ? w + 1 : 0;
            continue;
        }
        uint32_t bit = slots_choose(word);
        __atomic_store_n(&bits[w], word & ~(UINT64_C(1) << bit), __ATOMIC_RELAXED);
        indexes[taken++] = (uint16_t)(w * 64 + bit);
        empty = 0;
        w = hak_random_below(words);
    }
    slab->first = 0;
    return taken;
}

static inline uint16_t slots_fill(struct hak_slab *slab)
{
    uint64_t *bits = hak_slab_bits(slab);
    for (uint32_t i = HAK_FIRST_BLOCK; i < slab->capacity; i++)
        bits[i / 64] |= UINT64_C(1) << i % 64;
    return (uint16_t)(slab->capacity - HAK_FIRST_BLOCK);
}

#endif
