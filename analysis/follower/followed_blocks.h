/* SPDX-License-Identifier: MIT */
/*
 * The sampled blocks that have not ended, by address. Every free of the program asks for its block
 * here, so a small table of counts answers most of them; what it can't, a table in which a place is
 * taken once and never again. No lock is taken.
 */
#ifndef ANALYSIS_FOLLOWER_FOLLOWED_BLOCKS_H
#define ANALYSIS_FOLLOWER_FOLLOWED_BLOCKS_H

#include <stdint.h>

struct follow_sample;

enum { FOLLOWED_PLACES = 1 << 17, FOLLOWED_MOST = 1 << 16, FOLLOWED_COUNTS = 4096 };

/* Zeroes at the start; by atomic access alone. */
struct followed_blocks {
    uint16_t counts[FOLLOWED_COUNTS]; /* of blocks that are here, by a hash */
    uint32_t taken;                   /* places */
    struct {
        uint64_t address; /* 0: never taken; 1: of no block any more */
        struct follow_sample *sample;
    } places[FOLLOWED_PLACES];
};

/* The block has just been got: nobody else knows its address. Past FOLLOWED_MOST it is not
 * followed. */
void followed_blocks_add(struct followed_blocks *blocks, const void *block,
                         struct follow_sample *sample);

/* Before the block is given up. NULL: it is not followed. */
struct follow_sample *followed_blocks_take(struct followed_blocks *blocks, const void *block);

#endif
