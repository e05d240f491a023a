/* SPDX-License-Identifier: MIT */
/*
 * Measure sized, level checked: a sized operator delete, free_sized and free_aligned_sized name a
 * size of the block's own class, or of its length where it is a span, or stop the process. So that
 * this holds after realloc, a block that shrinks out of its class moves. Not seen: another size of
 * the same class.
 */
#ifndef HAK_FACTOR_SIZED_H
#define HAK_FACTOR_SIZED_H

#include <stdbool.h>
#include <stddef.h>

#include "sized.h"

enum { HAK_SIZED_EXACT = 1 };

static inline bool sized_is_right(const void *pointer, size_t bytes, size_t alignment)
{
    return hak_size_is_right(pointer, bytes, alignment);
}

#endif
