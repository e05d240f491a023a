/* SPDX-License-Identifier: MIT */
/* What a pointer that the program gave us is. */
#ifndef HAK_POINTER_KIND_H
#define HAK_POINTER_KIND_H

#include "factors.h"
#include "misuse.h"
#include "thread.h"

enum hak_pointer_kind {
    HAK_POINTER_SLAB,  /* `word` is its slab's */
    HAK_POINTER_LARGE, /* a span */
    HAK_POINTER_OTHER, /* a huge block, or none of ours */
};

/* A pointer into the arena that starts no block stops the process. */
static inline enum hak_pointer_kind hak_pointer_kind(const void *block, uint64_t *word)
{
    if (!metadata_find(block, word))
        return HAK_POINTER_OTHER;
    if (*word >> 8 != 0 &&
        hak_is_block_start(*word & 0xff, (uint32_t)((uintptr_t)block % HAK_SLAB_BYTES)))
        return HAK_POINTER_SLAB;
    if (*word == HAK_WORD_LARGE && (uintptr_t)block % HAK_SLAB_BYTES == 0)
        return HAK_POINTER_LARGE;
    hak_misuse_stop_wild(block);
}

#endif
