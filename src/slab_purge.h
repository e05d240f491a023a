/* SPDX-License-Identifier: MIT */
/*
 * Few blocks that live long, sprinkled among many that did not, keep a slab from going back to the
 * arena. Its pages without a block in use go back to the kernel one by one, once the slab has come
 * to rest:
 *
 *      | free | free | in use | free | free | free | in use | free |   blocks
 *      +-------------+--------+--------------------+---------------+
 *      |   purged    | kept   |      purged        |     kept      |   pages
 *      +-------------+--------+--------------------+---------------+
 *
 * Only where a quarter of the slab is gained, of pages that blocks were handed out from. With a
 * page the marks of its free blocks are gone (see factors/check/key.h). So the slab's word is made
 * one that no fast path knows: each free of its blocks asks the free list first. Blocks taken from
 * it are marked again, and when all are taken the word becomes what it was.
 */
#ifndef HAK_SLAB_PURGE_H
#define HAK_SLAB_PURGE_H

#include <stdint.h>

#include "slab.h"

enum hak_slab_rest {
    HAK_SLAB_BUSY,        /* blocks came or went since hak_slab_purge passed by */
    HAK_SLAB_RESTING = 4, /* passes without, after which its free pages are given back */
    HAK_SLAB_PURGED       /* nor since they were */
};

/* Passes by all slabs of the heap that have blocks to give; purges those at rest. */
void hak_slab_purge(struct hak_heap *heap);

/* Blocks leave a slab with purged pages: the first `marked` came back once and are marked as free
 * again, the others are new. */
void hak_slab_touch(struct hak_slab *slab, void **blocks, uint32_t marked, uint32_t count);

/* A block of such a slab is freed, by the owner: where that happens often, the pages are taken back
 * and all free blocks marked, so that frees are fast ones again. */
void hak_slab_count_free(struct hak_slab *slab);

/* No free block is left without its mark. */
void hak_slab_unpurge(struct hak_slab *slab);

#endif
