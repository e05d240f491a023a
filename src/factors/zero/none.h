/* SPDX-License-Identifier: MIT */
/* Measure zero, level none: what a program leaves in a block stays there until somebody writes. */
#ifndef HAK_FACTOR_ZERO_H
#define HAK_FACTOR_ZERO_H

#include <stdbool.h>
#include <stddef.h>

enum { HAK_ZERO_ON_FREE = 0 }; /* 1: free blocks and free spans are all zero */

/* Of a block that is freed. */
static inline void zero_on_free(void *block, size_t size_class)
{
    (void)block, (void)size_class;
}

/* Of a block about to be handed out. False: somebody wrote to it since it was freed. */
static inline bool zero_holds(const void *block, size_t size_class)
{
    (void)block, (void)size_class;
    return true;
}

#endif
