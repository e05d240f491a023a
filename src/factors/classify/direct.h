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
    if (HAK_UNLIKELY(bytes > HAK_SLAB_MAX - HAK_HEADER_ROOM))
        return false;
    *size_class = hak_class_lut[(bytes + HAK_HEADER_ROOM + HAK_GRAIN - 1) / HAK_GRAIN];
    return true;
}

/* Takes a request to what serves it: slabs, or something else. */
static inline void *classify_malloc(size_t bytes, void *(*from_slabs)(size_t, size_t),
                                    void *(*otherwise)(size_t))
{
    size_t size_class;
    if (HAK_UNLIKELY(!classify_size(bytes, &size_class)))
        return otherwise(bytes);
    return from_slabs(size_class, bytes);
}

/* Takes a block of this thread's own to what takes it back. */
static inline void classify_free(void *block, size_t size_class, void (*to_slabs)(void *, size_t))
{
    to_slabs(block, size_class);
}

#endif
