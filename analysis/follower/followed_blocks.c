/* SPDX-License-Identifier: MIT */
#include "followed_blocks.h"

#include <stdbool.h>
#include <stddef.h>

enum { NEVER_TAKEN, NO_BLOCK };

static uint64_t hash_of(const void *block)
{
    return (uint64_t)(uintptr_t)block * 0x9e3779b97f4a7c15u >> 32;
}

static uint16_t *count_of(struct followed_blocks *blocks, uint64_t hash)
{
    return &blocks->counts[hash % FOLLOWED_COUNTS];
}

void followed_blocks_add(struct followed_blocks *blocks, const void *block,
                         struct follow_sample *sample)
{
    uint64_t hash = hash_of(block), none = NEVER_TAKEN;
    if (__atomic_fetch_add(&blocks->taken, 1, __ATOMIC_RELAXED) >= FOLLOWED_MOST)
        return;
    uint64_t at = hash;
    while (!__atomic_compare_exchange_n(&blocks->places[at % FOLLOWED_PLACES].address, &none,
                                        NO_BLOCK, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        none = NEVER_TAKEN;
        at++;
    }
    blocks->places[at % FOLLOWED_PLACES].sample = sample;
    __atomic_fetch_add(count_of(blocks, hash), 1, __ATOMIC_RELAXED);
    __atomic_store_n(&blocks->places[at % FOLLOWED_PLACES].address, (uint64_t)(uintptr_t)block,
                     __ATOMIC_RELEASE);
}

struct follow_sample *followed_blocks_take(struct followed_blocks *blocks, const void *block)
{
    uint64_t hash = hash_of(block), address = (uint64_t)(uintptr_t)block;
    if (__builtin_expect(!__atomic_load_n(count_of(blocks, hash), __ATOMIC_RELAXED), 1))
        return NULL;
    for (uint64_t at = hash;; at++) {
        uint64_t *place = &blocks->places[at % FOLLOWED_PLACES].address;
        uint64_t found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
        if (found == NEVER_TAKEN)
            return NULL;
        if (found != address)
            continue;
        struct follow_sample *sample = blocks->places[at % FOLLOWED_PLACES].sample;
        __atomic_store_n(place, (uint64_t)NO_BLOCK, __ATOMIC_RELAXED);
        __atomic_fetch_sub(count_of(blocks, hash), 1, __ATOMIC_RELAXED);
        return sample;
    }
}
