/* SPDX-License-Identifier: MIT */
/*
 * Factor check, level key: a freed block's first word holds a secret mixed with its address, until
 * it is handed out again. A free that finds it there is suspect, and the slow path looks the block
 * up in caches and slab before it accuses. A pointer that is no block's start is refused as well.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "size_class.h"
#include "thread.h"

#define HAK_CHECK_LEVEL "key"

extern uint64_t hak_check_secret;

static inline void check_on_malloc(void *block)
{
    *(uint64_t *)block = 0;
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
           HAK_LIKELY(*(const uint64_t *)block != mark);
}

static inline void check_on_free(void *block, uint64_t mark)
{
    *(uint64_t *)block = mark;
}

#endif
