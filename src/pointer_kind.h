/* SPDX-License-Identifier: MIT */
/* What a pointer that the program gave us is. */
#ifndef HAK_POINTER_KIND_H
#define HAK_POINTER_KIND_H

#include "factors.h"
#include "misuse.h"
#include "slab.h"
#include "thread.h"

enum hak_pointer_kind {
    HAK_POINTER_SLAB,
    HAK_POINTER_PURGED_SLAB, /* see slab_purge.h; `word` without the bit that says so */
    HAK_POINTER_SAMPLED,     /* in a sampled slab, see sample.h; `word` likewise */
    HAK_POINTER_LARGE,       /* a span */
    HAK_POINTER_OTHER,       /* a huge block, or none of ours */
};

/* A place in a slab where a block starts that may have been handed out. */
static inline bool hak_starts_block(size_t size_class, const void *block)
{
    uint32_t offset = (uint32_t)((uintptr_t)block % HAK_SLAB_BYTES);
    return hak_is_block_start(size_class, offset) && (HAK_FIRST_BLOCK == 0 || offset != 0);
}

/* `word` becomes that of its slab or span. A pointer into the arena that starts no block stops the
 * process. */
static inline enum hak_pointer_kind hak_pointer_kind(const void *block, uint64_t *word)
{
    if (!metadata_find(block, word))
        return HAK_POINTER_OTHER;
    uint64_t plain = *word & ~(uint64_t)HAK_WORD_FLAGS;
    bool purged = (*word & HAK_WORD_PURGED) != 0, sampled = (*word & HAK_WORD_SAMPLED) != 0;
    *word = plain;
    if (plain >> 8 != 0 && (plain & 0xff) < HAK_CLASSES && hak_starts_block(plain & 0xff, block)) {
        if (purged && hak_slab_is_free(block))
            hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
        if (HAK_UNLIKELY(sampled))
            return HAK_POINTER_SAMPLED;
        return purged ? HAK_POINTER_PURGED_SLAB : HAK_POINTER_SLAB;
    }
    if (*word == HAK_WORD_LARGE && (uintptr_t)block % HAK_SLAB_BYTES == 0)
        return HAK_POINTER_LARGE;
    hak_misuse_stop_wild(block);
}

#endif
