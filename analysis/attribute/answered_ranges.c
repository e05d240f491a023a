/* SPDX-License-Identifier: MIT */
#include "answered_ranges.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"

void answered_ranges_finish(struct answered_ranges *ranges)
{
    for (size_t i = 0; i < ranges->count; i++)
        free(ranges->items[i].answer);
    free(ranges->items);
    *ranges = (struct answered_ranges){0};
}

static bool holds(const struct answered_range *range, uint64_t offset)
{
    return range->low <= offset && offset < range->high;
}

/* Index of the first range that ends behind `offset`. */
static size_t first_behind(const struct answered_ranges *ranges, uint64_t offset)
{
    size_t low = 0, high = ranges->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges->items[middle].high <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct answered_range *answered_ranges_find(struct answered_ranges *ranges, uint64_t offset)
{
    size_t at = ranges->found_last;
    if (at >= ranges->count || !holds(&ranges->items[at], offset))
        at = first_behind(ranges, offset);
    if (at >= ranges->count || !holds(&ranges->items[at], offset))
        return NULL;
    ranges->found_last = at;
    return &ranges->items[at];
}

bool answered_ranges_keep(struct answered_ranges *ranges, uint64_t offset, uint64_t low,
                          uint64_t high, void *answer)
{
    size_t at = first_behind(ranges, offset);
    if (at > 0 && ranges->items[at - 1].high > low)
        low = ranges->items[at - 1].high;
    if (at < ranges->count && ranges->items[at].low < high)
        high = ranges->items[at].low;
    if (!growing_reserve(&ranges->items, &ranges->capacity, ranges->count, sizeof *ranges->items)) {
        free(answer);
        return false;
    }
    memmove(&ranges->items[at + 1], &ranges->items[at],
            (ranges->count - at) * sizeof *ranges->items);
    ranges->items[at] = (struct answered_range){low, high, answer};
    ranges->count++;
    return true;
}
