/* SPDX-License-Identifier: MIT */
/*
 * Factor classify, level routed: a table takes a size to its class, a second one the class to its
 * route, a third one the route to the function that handles it; and likewise on free. Which class
 * goes which way is data, that could be changed while the program runs.
 *
 *      size --> class --> route --> handler(class, size)
 */
#ifndef HAK_FACTOR_CLASSIFY_H
#define HAK_FACTOR_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "block_room.h"
#include "routes.h"
#include "size_class.h"
#include "thread.h"

#define HAK_CLASSIFY_LEVEL "routed"
enum { HAK_CLASSIFY_LUT_HITS_PER_MALLOC = 1, HAK_CLASSIFY_ROUTED = 1 };

enum hak_route { HAK_ROUTE_SLABS, HAK_ROUTE_SLOW, HAK_ROUTES };

/* See routes.c. */
extern HAK_HIDDEN uint8_t hak_class_route[HAK_CLASSES];
extern HAK_HIDDEN hak_malloc_handler *hak_route_malloc[HAK_ROUTES];
extern HAK_HIDDEN hak_free_handler *hak_route_free[HAK_ROUTES];

/* False: no slab serves this size. */
static inline bool classify_size(size_t bytes, size_t *size_class)
{
    if (HAK_UNLIKELY(bytes > HAK_SLAB_MAX - HAK_BLOCK_ROOM))
        return false;
    *size_class = hak_class_lut[(bytes + HAK_BLOCK_ROOM + HAK_GRAIN - 1) / HAK_GRAIN];
    return true;
}

static inline hak_malloc_handler *classify_malloc_route(size_t size_class)
{
    return hak_route_malloc[hak_class_route[size_class]];
}

static inline hak_free_handler *classify_free_route(size_t size_class)
{
    return hak_route_free[hak_class_route[size_class]];
}

#endif
