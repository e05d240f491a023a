/* SPDX-License-Identifier: MIT */
/*
 * Factor freelist, level tagged: as level linked, but the word that holds a link also holds the
 * block's class as a tag in its last byte. Writing the link destroys the tag, so it is written
 * again with every push, and once more when a pop has taken the link away.
 *
 *      63     56 55                    0
 *      +--------+-----------------------+
 *      |  tag   |   index of next + 1   |
 *      +--------+-----------------------+
 */
#ifndef HAK_FACTOR_FREELIST_H
#define HAK_FACTOR_FREELIST_H

#include <stdbool.h>
#include <stdint.h>

#include "links.h"

#define HAK_FREELIST_LEVEL "tagged"
enum { HAK_FREELIST_IN_BLOCKS = 1, HAK_FREELIST_TAG = 7 /* the byte of the word */ };

static inline void freelist_write_tag(uint64_t *link, const struct hak_slab *slab)
{
    ((uint8_t *)link)[HAK_FREELIST_TAG] = slab->size_class;
}

/* A block whose tag is another's was written to after it was freed: the list ends there. */
static inline uint32_t freelist_take(struct hak_slab *slab, uint16_t *indexes, uint32_t want)
{
    uint32_t taken = 0;
    while (taken < want && slab->first != 0 && slab->first <= slab->carved) {
        uint32_t index = slab->first - 1u;
        uint64_t *link = freelist_link(slab, index), word = *link;
        if (word >> 56 != slab->size_class)
            break;
        indexes[taken++] = (uint16_t)index;
        slab->first = (uint16_t)word;
        *link = 0;
        freelist_write_tag(link, slab);
    }
    return taken;
}

static inline bool freelist_give(struct hak_slab *slab, uint32_t index)
{
    uint64_t *link = freelist_link(slab, index);
    *link = slab->first;
    freelist_write_tag(link, slab);
    slab->first = (uint16_t)(index + 1);
    return true;
}

#endif
