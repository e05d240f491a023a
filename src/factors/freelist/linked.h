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

#include "slab.h"
#include "thread.h"

#define HAK_FREELIST_LEVEL "linked"
enum { HAK_FREELIST_IN_BLOCKS = 1 };

static inline uint64_t *freelist_link(const struct hak_slab *slab, uint32_t index)
{
    char *base = (char *)hak_unit_address(hak_slab_unit(slab));
    return (uint64_t *)(void *)(base + (size_t)index * hak_class_bytes[slab->size_class]);
}

static inline void freelist_init(struct hak_slab *slab)
{
    slab->first = 0;
}

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

/* Only the slab's owner can walk the list while it stays as it is. */
static inline bool freelist_is_free(struct hak_slab *slab, uint32_t index)
{
    if (hak_arena.words[hak_slab_unit(slab)] >> 8 != hak_thread.key >> 8)
        return false;
    uint32_t link = slab->first;
    for (uint32_t steps = 0; link != 0 && link <= slab->carved && steps <= slab->carved; steps++) {
        if (link - 1 == index)
            return true;
        link = (uint16_t)*freelist_link(slab, link - 1);
    }
    return false;
}

#endif
