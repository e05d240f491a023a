/* SPDX-License-Identifier: MIT */
/* Factor classify, level direct: one table look-up takes a size to its class, and nothing is
 * routed. */
#ifndef HAK_FACTOR_CLASSIFY_H
#define HAK_FACTOR_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "size_class.h"
#include "thread.h"

#define HAK_CLASSIFY_LEVEL "direct"
enum { HAK_CLASSIFY_LUT_HITS_PER_MALLOC = 1 };

/* False: no slab serves this size. */
static inline bool classify_size(size_t bytes, size_t *size_class)
{
    if (HAK_UNLIKELY(bytes > HAK_SLAB_MAX))
        return false;
    *size_class = hak_class_lut[(bytes + HAK_GRAIN - 1) / HAK_GRAIN];
    return true;
}

#endif
