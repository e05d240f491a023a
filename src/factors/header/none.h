/* SPDX-License-Identifier: MIT */
/* Factor header, level none: nothing stands before a block; its class is found from its address. */
#ifndef HAK_FACTOR_HEADER_H
#define HAK_FACTOR_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HAK_HEADER_LEVEL "none"
enum {
    HAK_HEADER_ROOM = 0, /* bytes at a block's end that are not its program's */
    HAK_FIRST_BLOCK = 0, /* of a slab: the first that is ever handed out */
    HAK_HEADER_WRITES_PER_MALLOC = 0,
    HAK_HEADER_READS_PER_FREE = 0,
};

/* On a block about to be handed out; returns it. */
static inline void *header_write(void *block, size_t size_class)
{
    (void)size_class;
    return block;
}

/* The class of a block that came back; `size_class` holds what the metadata say. False: nonsense.
 */
static inline bool header_read(const void *block, uint64_t *size_class)
{
    (void)block, (void)size_class;
    return true;
}

#endif
