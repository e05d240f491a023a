/* SPDX-License-Identifier: MIT */
/* Factor classify, level direct: one table look-up takes a size to its class, and nothing is
 * routed. */
#ifndef HAK_FACTOR_CLASSIFY_H
#define HAK_FACTOR_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "block_room.h"
#include "routes.h"
#include "size_class.h"
#include "thread.h"

#define HAK_CLASSIFY_LEVEL "direct"
enum { HAK_CLASSIFY_LUT_HITS_PER_MALLOC = 1, HAK_CLASSIFY_ROUTED = 0 };

/* False: no slab serves this size. */
static inline bool classify_size(size_t bytes, size_t *size_class)
{
    if (HAK_UNLIKELY(bytes > HAK_SLAB_MAX - HAK_BLOCK_ROOM))
        return false;
    *size_class = hak_class_lut[(bytes + HAK_BLOCK_ROOM + HAK_GRAIN - 1) / HAK_GRAIN];
    return true;
}

/* Never asked: HAK_CLASSIFY_ROUTED says that there are no routes. */
static inline hak_malloc_handler *classify_malloc_route(size_t size_class)
{
    (void)size_class;
    return NULL;
}

static inline hak_free_handler *classify_free_route(size_t size_class)
{
    (void)size_class;
    return NULL;
}

#endif
