/* SPDX-License-Identifier: MIT */
/* Measure canary, level none: a block ends where its class says, and nothing stands behind. */
#ifndef HAK_FACTOR_CANARY_H
#define HAK_FACTOR_CANARY_H

#include <stdbool.h>
#include <stddef.h>

enum { HAK_CANARY_ROOM = 0 }; /* bytes at a block's end */

/* On a block about to be handed out. */
static inline void canary_write(void *block, size_t size_class)
{
    (void)block, (void)size_class;
}

/* False: somebody wrote beyond the end of the block, which is the program's. */
static inline bool canary_is_whole(const void *block, size_t size_class)
{
    (void)block, (void)size_class;
    return true;
}

/* True where the block's canary was wiped when it was freed, and stands wiped. */
static inline bool canary_is_wiped(const void *block, size_t size_class)
{
    (void)block, (void)size_class;
    return false;
}

#endif
