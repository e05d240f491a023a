/* SPDX-License-Identifier: MIT */
/*
 * Factor freelist, level linked: a slab's free blocks are a list, last in first out, each link in
 * the first word of its block, as in system malloc. A link is an index plus one, 0 at the end; what
 * a program writes to a block after it freed it may become one.
 */
#ifndef HAK_FACTOR_FREELIST_H
#define HAK_FACTOR_FREELIST_H

#include <stdbool.h>
#include <stdint.h>

#include "links.h"

#define HAK_FREELIST_LEVEL "linked"
enum { HAK_FREELIST_IN_BLOCKS = 1 };

/* A link that leads nowhere ends the list: better some blocks lost than one handed out twice. */
static inline uint32_t freelist_take(struct hak_slab *slab, uint16_t *indexes, uint32_t want)
{
    uint32_t taken = 0;
    while (taken < want && slab->first != 0 && slab->first <= slab->carved) {
        uint32_t index = slab->first - 1u;
        indexes[taken++] = (uint16_t)index;
        slab->first = (uint16_t)*freelist_link(slab, index);
    }
    return taken;
}

/* A second free is not seen here: the mark in the block tells of it (factor check). */
static inline bool freelist_give(struct hak_slab *slab, uint32_t index)
{
    *freelist_link(slab, index) = slab->first;
    slab->first = (uint16_t)(index + 1);
    return true;
}

#endif
