/* SPDX-License-Identifier: MIT */
/* From the address of a block that is live at one moment of a trace to the object it is. */
#ifndef ANALYSIS_LIVE_BLOCKS_H
#define ANALYSIS_LIVE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live_block {
    uint64_t address; /* 0: the place is empty */
    uint64_t bytes;
    uint32_t object;
};

struct live_blocks {
    struct live_block *places; /* a power of two, at most half of them taken */
    size_t capacity, count;
};

/* Nothing may be live there. False: memory ran out. */
bool live_blocks_add(struct live_blocks *blocks, const struct live_block *block);

/* False: nothing is live there. */
bool live_blocks_take(struct live_blocks *blocks, uint64_t address, struct live_block *block);

void live_blocks_finish(struct live_blocks *blocks);

#endif
