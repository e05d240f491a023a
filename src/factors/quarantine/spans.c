/* SPDX-License-Identifier: MIT */
#include "factors/quarantine/spans.h"

#include "arena.h"
#include "factors.h"

enum { PART_MAX = 256 }; /* a span longer than this part of the arena does not wait */

#define PLACES(bytes)                                                                              \
    ((bytes)*32 <= HAK_QUARANTINE_BYTES   ? 32                                                     \
     : (bytes)*16 <= HAK_QUARANTINE_BYTES ? 16                                                     \
     : (bytes)*8 <= HAK_QUARANTINE_BYTES  ? 8                                                      \
     : (bytes)*4 <= HAK_QUARANTINE_BYTES  ? 4                                                      \
     : (bytes)*2 <= HAK_QUARANTINE_BYTES  ? 2                                                      \
                                          : 1)

_Static_assert(HAK_QUARANTINE_SLOTS == 32, "the most places of a class");

const uint8_t hak_quarantine_mask[HAK_CLASSES] = {
#define MASK(c, below, bytes) [c] = PLACES(bytes) - 1,
    HAK_SIZE_CLASSES(MASK)
#undef MASK
};

/* Under the arena's lock. Units are kept one too high: 0 is an empty place. */
static struct {
    uint32_t place[HAK_QUARANTINE_SPANS];
    uint32_t filled; /* places from here on were never used */
} spans;

uint32_t hak_quarantine_span(uint32_t unit)
{
    if (hak_arena.records[unit].units > hak_arena.reserved / PART_MAX)
        return unit;
    uint32_t place = spans.filled < HAK_QUARANTINE_SPANS ? spans.filled++
                                                         : hak_random_below(HAK_QUARANTINE_SPANS);
    uint32_t out = spans.place[place];
    spans.place[place] = unit + 1;
    return out - 1; /* HAK_NO_UNIT, where the place was empty */
}

uint32_t hak_quarantine_span_out(void)
{
    if (spans.filled == 0)
        return HAK_NO_UNIT;
    uint32_t unit = spans.place[--spans.filled] - 1;
    spans.place[spans.filled] = 0;
    return unit;
}
