/* SPDX-License-Identifier: MIT */
/*
 * Factor header, level inline: the byte before each block is its class, written by malloc and read
 * by free. It is the last byte of the block before, so that blocks stay aligned as they are, and
 * costs one byte of each:
 *
 *      unit        + bytes         + 2 * bytes
 *      +---------+-+-------------+-+-------------+-+ - -
 *      | unused  |c|  block 1    |c|  block 2    |c|
 *      +---------+-+-------------+-+-------------+-+ - -
 *
 * A byte that is not what the metadata say was written over, or the pointer is no block's.
 *
 * A slab's first block is never handed out: its header would lie in a unit of somebody else's.
 */
#ifndef HAK_FACTOR_HEADER_H
#define HAK_FACTOR_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "size_class.h"

#define HAK_HEADER_LEVEL "inline"
enum {
    HAK_HEADER_ROOM = 1,
    HAK_FIRST_BLOCK = 1,
    HAK_HEADER_WRITES_PER_MALLOC = 1,
    HAK_HEADER_READS_PER_FREE = 1,
};

static inline void *header_write(void *block, size_t size_class)
{
    ((uint8_t *)block)[-1] = (uint8_t)size_class;
    return block;
}

static inline bool header_read(const void *block, uint64_t *size_class)
{
    uint64_t header = ((const uint8_t *)block)[-1];
    bool is_sound = header == *size_class;
    __asm__("" : "+r"(header)); /* or the compiler goes on with what it was compared with */
    *size_class = header;
    return HAK_LIKELY(is_sound);
}

#endif
