/* SPDX-License-Identifier: MIT */
/* Where requests are routed to, of the level `routed` of the factor classify; of no other level. */
#include "fast_path.h"

static void *malloc_from_slabs(size_t size_class, size_t bytes)
{
    return hak_take_from_slabs(size_class, bytes);
}

static void *malloc_slowly(size_t size_class, size_t bytes)
{
    (void)size_class;
    return hak_slow_malloc(bytes);
}

static void free_to_slabs(void *block, size_t size_class)
{
    hak_give_to_slabs(block, size_class);
}

static void free_slowly(void *block, size_t size_class)
{
    (void)size_class;
    hak_slow_free(block);
}

uint8_t hak_class_route[HAK_CLASSES]; /* all of them HAK_ROUTE_SLABS */

hak_malloc_handler *hak_route_malloc[HAK_ROUTES] = {
    [HAK_ROUTE_SLABS] = malloc_from_slabs,
    [HAK_ROUTE_SLOW] = malloc_slowly,
};

hak_free_handler *hak_route_free[HAK_ROUTES] = {
    [HAK_ROUTE_SLABS] = free_to_slabs,
    [HAK_ROUTE_SLOW] = free_slowly,
};
