/* SPDX-License-Identifier: MIT */
/* What the levels of this factor have in common that keep their list in the free blocks: the first
 * word of each, whose low 16 bits are the next block's index plus one; 0 ends the list. */
#ifndef HAK_FREELIST_LINKS_H
#define HAK_FREELIST_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "slab.h"
#include "thread.h"

static inline uint64_t *freelist_link(const struct hak_slab *slab, uint32_t index)
{
    char *base = (char *)hak_unit_address(hak_slab_unit(slab));
    return (uint64_t *)(void *)(base + (size_t)index * hak_class_bytes[slab->size_class]);
}

static inline void freelist_init(struct hak_slab *slab)
{
    slab->first = 0;
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
