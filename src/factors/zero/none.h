/* SPDX-License-Identifier: MIT */
/* Measure zero, level none: what a program leaves in a block stays there until somebody writes. */
#ifndef HAK_FACTOR_ZERO_H
#define HAK_FACTOR_ZERO_H

#include <stdbool.h>
#include <stddef.h>

enum {
    HAK_ZERO_ON_FREE = 0, /* 1: free blocks are cleared, and free spans all zero */
    HAK_ZERO_WHOLE = 0,   /* 1: all of a block is */
};

/* Called once, before any block is handed out. */
static inline void zero_start(void)
{
}

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
