/* SPDX-License-Identifier: MIT */
/*
 * Measure canary, level tail: the last eight bytes of each block hold a secret mixed with the
 * block's address; free, realloc and malloc_usable_size find them unchanged, or stop the process.
 *
 *      | the program's bytes      | canary | the program's bytes      | canary |
 *      ^ block                             ^ next block
 *
 * The first byte is never 0, so that a string's end written one too far always shows. Both halves
 * of a product are mixed: who reads the canary of one block can't compute another's.
 */
#ifndef HAK_FACTOR_CANARY_H
#define HAK_FACTOR_CANARY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "compiler.h"
#include "secret.h"
#include "size_class.h"

#include HAK_HEADER

enum { HAK_CANARY_ROOM = sizeof(uint64_t) };

static inline uint64_t canary_of(const void *block)
{
    __uint128_t product =
        (__uint128_t)((uintptr_t)block ^ hak_secret.offset) * hak_secret.multiplier;
    return ((uint64_t)product ^ (uint64_t)(product >> 64)) | 1;
}

/* Behind the program's bytes; what follows is the next block's header, where there are any. */
static inline size_t canary_place(size_t size_class)
{
    return hak_class_bytes[size_class] - HAK_HEADER_ROOM - HAK_CANARY_ROOM;
}

static inline uint64_t canary_read(const void *block, size_t size_class)
{
    uint64_t found;
    memcpy(&found, (const char *)block + canary_place(size_class), sizeof found);
    return found;
}

static inline void canary_write(void *block, size_t size_class)
{
    uint64_t canary = canary_of(block);
    memcpy((char *)block + canary_place(size_class), &canary, sizeof canary);
}

static inline bool canary_is_whole(const void *block, size_t size_class)
{
    return HAK_LIKELY(canary_read(block, size_class) == canary_of(block));
}

static inline bool canary_is_wiped(const void *block, size_t size_class)
{
    return canary_read(block, size_class) == 0;
}

#endif
