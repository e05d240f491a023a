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

#define HAK_CHECK_LEVEL "key"

extern uint64_t hak_check_secret;

static inline void check_on_malloc(void *block)
{
    *(uint64_t *)block = 0;
}

/* True where `pointer` may be freed: it starts a block and does not look freed. */
static inline bool check_before_free(const void *pointer, size_t size_class)
{
    return hak_is_block_start(size_class, (uint32_t)((uintptr_t)pointer & (HAK_SLAB_BYTES - 1))) &
           (*(const uint64_t *)pointer != (hak_check_secret ^ (uintptr_t)pointer));
}

static inline void check_on_free(void *pointer)
{
    *(uint64_t *)pointer = hak_check_secret ^ (uintptr_t)pointer;
}

#endif
