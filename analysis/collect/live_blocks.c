/* SPDX-License-Identifier: MIT */
/* Open addressing with linear probing; what is taken out is closed up, so no mark of it stays. */
#include "live_blocks.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 4096 };

static size_t home(const struct live_blocks *blocks, uint64_t address)
{
    return (size_t)((address >> 4) * 0x9e3779b97f4a7c15 >> 20) & (blocks->capacity - 1);
}

static size_t find(const struct live_blocks *blocks, uint64_t address)
{
    size_t place = home(blocks, address);
    while (blocks->places[place].address && blocks->places[place].address != address)
        place = (place + 1) & (blocks->capacity - 1);
    return place;
}

static bool grow(struct live_blocks *blocks)
{
    struct live_blocks larger = {.capacity =
                                     blocks->capacity ? 2 * blocks->capacity : FIRST_CAPACITY};
    larger.places = calloc(larger.capacity, sizeof *larger.places);
    if (!larger.places)
        return false;
    for (size_t i = 0; i < blocks->capacity; i++) {
        if (blocks->places[i].address)
            larger.places[find(&larger, blocks->places[i].address)] = blocks->places[i];
    }
    larger.count = blocks->count;
    free(blocks->places);
    *blocks = larger;
    return true;
}

bool live_blocks_add(struct live_blocks *blocks, const struct live_block *block)
{
    if (2 * blocks->count >= blocks->capacity && !grow(blocks))
        return false;
    blocks->places[find(blocks, block->address)] = *block;
    blocks->count++;
    return true;
}

/* Whatever stands behind the gap and may not be found across it moves into it. */
static void close_gap(struct live_blocks *blocks, size_t gap)
{
    size_t mask = blocks->capacity - 1;
    for (size_t place = (gap + 1) & mask; blocks->places[place].address;
         place = (place + 1) & mask) {
        size_t from_home = (place - home(blocks, blocks->places[place].address)) & mask;
        if (from_home >= ((place - gap) & mask)) {
            blocks->places[gap] = blocks->places[place];
            gap = place;
        }
    }
    blocks->places[gap].address = 0;
}

bool live_blocks_take(struct live_blocks *blocks, uint64_t address, struct live_block *block)
{
    if (!blocks->count)
        return false;
    size_t place = find(blocks, address);
    if (!blocks->places[place].address)
        return false;
    *block = blocks->places[place];
    blocks->count--;
    close_gap(blocks, place);
    return true;
}

void live_blocks_finish(struct live_blocks *blocks)
{
    free(blocks->places);
    *blocks = (struct live_blocks){0};
}
