/* SPDX-License-Identifier: MIT */
#include "code_ranges.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"

bool code_ranges_add(struct code_ranges *ranges, uint64_t low, uint64_t high, uint32_t depth,
                     uint32_t owner)
{
    if (low >= high)
        return true;
    if (ranges->count >= CODE_RANGES_MOST)
        return false;
    if (!growing_reserve(&ranges->items, &ranges->capacity, ranges->count, sizeof *ranges->items))
        return false;
    ranges->items[ranges->count++] = (struct code_range){low, high, depth, owner};
    return true;
}

void code_ranges_finish(struct code_ranges *ranges)
{
    free(ranges->items);
    memset(ranges, 0, sizeof *ranges);
}

static int by_low(const void *a, const void *b)
{
    const struct code_range *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The heap holds the ranges entered so far, deepest on top. Ranges that have ended leave it only
 * when they come to the top: only the top is ever asked. */
struct open_ranges {
    const struct code_range **items;
    size_t count;
};

static bool wins(const struct code_range *a, const struct code_range *b)
{
    return a->depth != b->depth ? a->depth > b->depth : a->owner > b->owner;
}

static void open_range(struct open_ranges *open, const struct code_range *range)
{
    size_t at = open->count++;
    while (at > 0 && wins(range, open->items[(at - 1) / 2])) {
        open->items[at] = open->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    open->items[at] = range;
}

static void drop_top(struct open_ranges *open)
{
    const struct code_range *last = open->items[--open->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= open->count)
            break;
        if (child + 1 < open->count && wins(open->items[child + 1], open->items[child]))
            child++;
        if (!wins(open->items[child], last))
            break;
        open->items[at] = open->items[child];
        at = child;
    }
    open->items[at] = last;
}

/* Adds a piece; one that continues the piece before it is joined to it. */
static bool emit(struct code_ranges *flat, uint64_t low, uint64_t high,
                 const struct code_range *range)
{
    struct code_range *before = flat->count ? &flat->items[flat->count - 1] : NULL;
    if (before && before->high == low && before->owner == range->owner) {
        before->high = high;
        return true;
    }
    if (!growing_reserve(&flat->items, &flat->capacity, flat->count, sizeof *flat->items))
        return false;
    flat->items[flat->count++] = (struct code_range){low, high, range->depth, range->owner};
    return true;
}

static bool sweep(const struct code_ranges *ranges, const uint64_t *edges, struct open_ranges *open,
                  struct code_ranges *flat)
{
    size_t next = 0;
    for (size_t i = 0; i + 1 < 2 * ranges->count; i++) {
        if (edges[i] == edges[i + 1])
            continue;
        while (next < ranges->count && ranges->items[next].low <= edges[i])
            open_range(open, &ranges->items[next++]);
        while (open->count && open->items[0]->high <= edges[i])
            drop_top(open);
        if (open->count && !emit(flat, edges[i], edges[i + 1], open->items[0]))
            return false;
    }
    return true;
}

bool code_ranges_flatten(struct code_ranges *ranges, struct code_ranges *flat)
{
    if (!ranges->count)
        return true;
    uint64_t *edges = calloc(ranges->count, 2 * sizeof *edges);
    struct open_ranges open = {calloc(ranges->count, sizeof *open.items), 0};
    bool done = false;

    if (edges && open.items) {
        qsort(ranges->items, ranges->count, sizeof *ranges->items, by_low);
        for (size_t i = 0; i < ranges->count; i++) {
            edges[2 * i] = ranges->items[i].low;
            edges[2 * i + 1] = ranges->items[i].high;
        }
        qsort(edges, 2 * ranges->count, sizeof *edges, by_value);
        done = sweep(ranges, edges, &open, flat);
    }
    free(edges);
    free(open.items);
    return done;
}

size_t code_ranges_find(const struct code_ranges *flat, uint64_t address, uint64_t *low,
                        uint64_t *high)
{
    size_t first = 0, last = flat->count; /* the first that ends behind `address` is at `last` */
    while (first < last) {
        size_t middle = first + (last - first) / 2;
        if (flat->items[middle].high <= address)
            first = middle + 1;
        else
            last = middle;
    }
    const struct code_range *next = last < flat->count ? &flat->items[last] : NULL;
    if (next && next->low <= address) {
        *low = next->low;
        *high = next->high;
        return last;
    }
    *low = last ? flat->items[last - 1].high : 0;
    *high = next ? next->low : UINT64_MAX;
    return SIZE_MAX;
}
