/* SPDX-License-Identifier: MIT */
/*
 * Measure zero, level edges: as level checked, but of blocks above 64 bytes only the first and the
 * last 32 are cleared and looked at: where stale pointers mostly lead (links, function tables), and
 * where an overflow from the block below begins. These are in cache lines that most programs
 * touched, so where blocks are large that is an eighth of the price.
 */
#ifndef HAK_FACTOR_ZERO_H
#define HAK_FACTOR_ZERO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compiler.h"
#include "size_class.h"

enum { HAK_ZERO_ON_FREE = 1, HAK_ZERO_WHOLE = 0, HAK_ZERO_EDGE = 32 };

static inline void zero_start(void)
{
}

/* Both ends, which overlap in a block shorter than two edges. */
static inline void zero_on_free(void *block, size_t size_class)
{
    size_t bytes = hak_class_bytes[size_class];
    if (HAK_UNLIKELY(bytes < HAK_ZERO_EDGE)) {
        for (size_t offset = 0; offset < bytes; offset += HAK_GRAIN)
            memset((char *)block + offset, 0, HAK_GRAIN);
        return;
    }
    memset(block, 0, HAK_ZERO_EDGE);
    memset((char *)block + bytes - HAK_ZERO_EDGE, 0, HAK_ZERO_EDGE);
}

static inline bool zero_is_clear(const char *from, size_t grains)
{
    uint64_t any = 0;
    for (size_t i = 0; i < grains; i++) {
        uint64_t words[2];
        memcpy(words, from + i * HAK_GRAIN, sizeof words);
        any |= words[0] | words[1];
    }
    return any == 0;
}

static inline bool zero_holds(const void *block, size_t size_class)
{
    size_t bytes = hak_class_bytes[size_class];
    if (HAK_UNLIKELY(bytes < HAK_ZERO_EDGE))
        return zero_is_clear(block, bytes / HAK_GRAIN);
    return HAK_LIKELY(
        zero_is_clear(block, HAK_ZERO_EDGE / HAK_GRAIN) &&
        zero_is_clear((const char *)block + bytes - HAK_ZERO_EDGE, HAK_ZERO_EDGE / HAK_GRAIN));
}

#endif
