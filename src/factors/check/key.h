/* SPDX-License-Identifier: MIT */
/*
 * Factor check, level key: a freed block's second word holds a secret mixed with its address, until
 * it is handed out again. A free that finds it there is suspect, and the slow path looks the block
 * up in caches and slab before it accuses. A pointer that is no block's start is refused as well.
 *
 * The second word, because what a short-lived block's program wrote last is mostly a few bytes at
 * its start: a load of eight bytes right after a store of one waits until the store has left the
 * processor's store buffer, a third of a malloc and free of one block in turn.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "size_class.h"
#include "thread.h"

#define HAK_CHECK_LEVEL "key"

extern HAK_HIDDEN uint64_t hak_check_secret;

enum { HAK_CHECK_WORD = 1 }; /* of a block; links of ours in free blocks stand in word 0 */

static inline void check_on_malloc(void *block)
{
    ((uint64_t *)block)[HAK_CHECK_WORD] = 0;
}

/* What a block holds while it is free. */
static inline uint64_t check_mark(const void *block)
{
    return hak_check_secret ^ (uintptr_t)block;
}

/* True where the block may be freed: `block` starts one, and it does not look freed. */
static inline bool check_before_free(const void *block, size_t size_class, uint64_t mark)
{
    uint32_t offset = (uint32_t)((uintptr_t)block & (HAK_SLAB_BYTES - 1));
    return HAK_LIKELY(hak_is_block_start(size_class, offset)) &&
           HAK_LIKELY(((const uint64_t *)block)[HAK_CHECK_WORD] != mark);
}

static inline void check_on_free(void *block, uint64_t mark)
{
    ((uint64_t *)block)[HAK_CHECK_WORD] = mark;
}

#endif
