/* SPDX-License-Identifier: MIT */
/* Measure sized, level ignored: the size that a sized free names is not looked at. */
#ifndef HAK_FACTOR_SIZED_H
#define HAK_FACTOR_SIZED_H

#include <stdbool.h>
#include <stddef.h>

enum { HAK_SIZED_EXACT = 0 }; /* 1: a block's class is that of the size last asked for */

/* False: `pointer`, which may be NULL, was not allocated with this size and alignment (a power of
 * two; 1: none was asked for). */
static inline bool sized_is_right(const void *pointer, size_t bytes, size_t alignment)
{
    (void)pointer, (void)bytes, (void)alignment;
    return true;
}

#endif
