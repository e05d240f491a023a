/* SPDX-License-Identifier: MIT */
/*
 * The outbox: where a thread gathers the blocks it frees for others, one magazine for each owner
 * and class. Its place follows from the slab's word, owner << 8 | class:
 *
 *      owner % 8   class
 *      +---------+-------------+
 *      | 3 bits  |   6 bits    |      so eight neighbours among the owners don't meet, and no two
 *      +---------+-------------+      classes of one
 *
 * Of the table only what is used is ever touched.
 */
#ifndef HAK_OUTBOX_H
#define HAK_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "magazine.h"

#ifndef HAK_REMOTE_BATCH /* hard mode `remote` makes it 1: every free is published at once */
#    define HAK_REMOTE_BATCH                                                                       \
        63 /* blocks on their way at the most: nobody can use them meanwhile                       \
            */
#endif

enum { HAK_OUTBOX_SLOTS = 512 };

/* Blocks of one class on their way to one other heap. All zero: unused, and full by construction.
 */
struct hak_outbox_slot {
    uintptr_t top;  /* as a thread's stack top */
    uint32_t word;  /* owner << 8 | class; 0: unused */
    uint16_t last;  /* offset of `top` in its magazine at which one more block is the last */
    uint16_t begun; /* the heap's tick when the magazine was begun, as far as it goes */
};

_Static_assert(sizeof(struct hak_outbox_slot) == 16, "four to a cache line");

struct hak_outbox {
    uint64_t used[HAK_OUTBOX_SLOTS / 64]; /* a bit for each slot: its word is not 0 */
    struct hak_outbox_slot slot[HAK_OUTBOX_SLOTS];
};

static inline size_t hak_outbox_place(uint64_t word)
{
    return (word >> 2 & 0x1c0) | (word & 0x3f);
}

#endif
