/* SPDX-License-Identifier: MIT */
/* An array of blocks that are replaced at random, as servers do with what they keep for clients. */
#ifndef BENCH_SLOTS_H
#define BENCH_SLOTS_H

#include <stdlib.h>

#include "workload.h"

struct slot {
    unsigned char *block; /* NULL: empty */
    size_t size;
};

/* Frees what is in the slot and gives back what its ends said; 0 for an empty one. */
static inline uint64_t slot_empty(struct slot *slot)
{
    if (!slot->block)
        return 0;
    uint64_t ends = workload_read_ends(slot->block, slot->size);
    free(slot->block);
    slot->block = NULL;
    return ends;
}

static inline bool slot_fill(struct slot *slot, size_t size, uint64_t random)
{
    unsigned char *block = malloc(size);
    if (!block)
        return false;
    workload_write_ends(block, size, random);
    *slot = (struct slot){block, size};
    return true;
}

static inline uint64_t slots_empty(struct slot *slots, uint64_t count)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++)
        sum = sum * 31 + slot_empty(&slots[i]);
    return sum;
}

#endif
