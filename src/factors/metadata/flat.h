/* SPDX-License-Identifier: MIT */
/*
 * Factor metadata, level flat: one dense table of 32-bit words, one word for each 64 KiB unit of
 * the arena, indexed by address: owner << 8 | class. One dependent load.
 */
#ifndef HAK_FACTOR_METADATA_H
#define HAK_FACTOR_METADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

#define HAK_METADATA_LEVEL "flat"
enum {
    HAK_METADATA_LOOKUPS_PER_FREE = 1,
    /* Room besides the words, in bytes for each HAK_SUPERSLAB_UNITS. */
    HAK_METADATA_INDEX_BYTES = 0,
    HAK_METADATA_GROUP_BYTES = 0,
};

/* The word of the unit in which `pointer` lies, 0 where nothing has been committed yet; false where
 * no arena is. */
static inline bool metadata_find(const void *pointer, uint64_t *word)
{
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT;
    if (HAK_UNLIKELY(unit >= hak_arena.reserved))
        return false;
    *word = __atomic_load_n(&hak_arena.words[unit], __ATOMIC_RELAXED);
    return true;
}

static inline void metadata_set(uint32_t unit, uint32_t word)
{
    __atomic_store_n(&hak_arena.words[unit], word, __ATOMIC_RELAXED);
}

/* Units up to `units` have been committed, with the room above. */
static inline void metadata_grow(uint32_t from, uint32_t units)
{
    (void)from, (void)units;
}

#endif
