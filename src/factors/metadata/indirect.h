/* SPDX-License-Identifier: MIT */
/*
 * Factor metadata, level indirect: an address leads to its superslab (2 MiB of addresses), that to
 * the slab, and that to its metadata. Three dependent loads:
 *
 *      index[address >> 21] --> superslab --> slab[address >> 16 & 31] --> metadata: word
 *
 * The dense table of words is kept up to date beside it, for slow paths.
 */
#ifndef HAK_FACTOR_METADATA_H
#define HAK_FACTOR_METADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

#define HAK_METADATA_LEVEL "indirect"

/* A cache line each, as far apart as the records of slabs that are kept in their superslab are. */
struct hak_slab_metadata {
    uint32_t word; /* owner << 8 | class */
} __attribute__((aligned(64)));

struct hak_superslab {
    struct hak_slab_metadata *slab[HAK_SUPERSLAB_UNITS];
    struct hak_slab_metadata metadata[HAK_SUPERSLAB_UNITS];
};

enum {
    HAK_METADATA_LOOKUPS_PER_FREE = 3,
    HAK_METADATA_INDEX_BYTES = sizeof(struct hak_superslab *),
    HAK_METADATA_GROUP_BYTES = sizeof(struct hak_superslab),
};

static inline struct hak_superslab *metadata_superslab(uintptr_t unit)
{
    struct hak_superslab *const *index = hak_arena.superslab_index;
    return __atomic_load_n(&index[unit / HAK_SUPERSLAB_UNITS], __ATOMIC_RELAXED);
}

static inline bool metadata_find(const void *pointer, uint64_t *word)
{
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT;
    if (HAK_UNLIKELY(unit >= hak_arena.reserved))
        return false;
    const struct hak_superslab *superslab = metadata_superslab(unit);
    if (HAK_UNLIKELY(!superslab)) {
        *word = 0;
        return true;
    }
    const struct hak_slab_metadata *slab = superslab->slab[unit % HAK_SUPERSLAB_UNITS];
    *word = __atomic_load_n(&slab->word, __ATOMIC_RELAXED);
    return true;
}

static inline void metadata_set(uint32_t unit, uint32_t word)
{
    struct hak_superslab *superslab = metadata_superslab(unit);
    __atomic_store_n(&hak_arena.words[unit], word, __ATOMIC_RELAXED);
    __atomic_store_n(&superslab->slab[unit % HAK_SUPERSLAB_UNITS]->word, word, __ATOMIC_RELAXED);
}

static inline void metadata_grow(uint32_t from, uint32_t units)
{
    struct hak_superslab *superslabs = hak_arena.superslabs;
    struct hak_superslab **index = hak_arena.superslab_index;
    for (size_t s = hak_superslabs_of(from); s < hak_superslabs_of(units); s++) {
        for (uint32_t i = 0; i < HAK_SUPERSLAB_UNITS; i++)
            superslabs[s].slab[i] = &superslabs[s].metadata[i];
        __atomic_store_n(&index[s], &superslabs[s], __ATOMIC_RELEASE);
    }
}

#endif
