/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef ANALYSIS_GROWING_H
#define ANALYSIS_GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Makes room for one item past `count`. False when memory is out; then nothing has changed.
 * `items` is the address of the array's pointer. */
static inline bool growing_reserve(void *items, size_t *capacity, size_t count, size_t item_bytes)
{
    void **array = items;
    if (count < *capacity)
        return true;
    size_t wider = *capacity ? *capacity * 2 : 64;
    void *moved = reallocarray(*array, wider, item_bytes);
    if (!moved)
        return false;
    *array = moved;
    *capacity = wider;
    return true;
}

#endif
