/* SPDX-License-Identifier: MIT */
/* Factor header, level none: nothing stands before a block; its class is found from its address. */
#ifndef HAK_FACTOR_HEADER_H
#define HAK_FACTOR_HEADER_H

#include <stddef.h>

#define HAK_HEADER_LEVEL "none"
enum {
    HAK_HEADER_BYTES = 0, /* room before the user's pointer */
    HAK_HEADER_WRITES_PER_MALLOC = 0,
    HAK_HEADER_READS_PER_FREE = 0,
};

/* The user's pointer into a block just handed out. */
static inline void *header_write(void *block, size_t size_class)
{
    (void)size_class;
    return block;
}

/* The block a user's pointer came from. */
static inline void *header_block(void *pointer)
{
    return pointer;
}

#endif
