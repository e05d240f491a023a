/* SPDX-License-Identifier: MIT */
/* What the reader has answered about a file, each with the range that it holds for. */
#ifndef ANALYSIS_ANSWERED_RANGES_H
#define ANALYSIS_ANSWERED_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answered_range {
    uint64_t low, high; /* offsets in the file, low <= offset < high */
    void *answer;       /* malloc's, or NULL: there is nothing */
};

/* All zeroes: none. */
struct answered_ranges {
    struct answered_range *items; /* in order, none overlaps another */
    size_t count, capacity;
    size_t found_last; /* questions come in runs about the same range */
};

/* Frees the answers, too. */
void answered_ranges_finish(struct answered_ranges *ranges);

/* NULL where nothing was answered about the byte at `offset`. */
const struct answered_range *answered_ranges_find(struct answered_ranges *ranges, uint64_t offset);

/* For the range that holds `offset`, about which nothing was answered, cut where it meets
 * another's. Takes the answer over. False when memory is out. */
bool answered_ranges_keep(struct answered_ranges *ranges, uint64_t offset, uint64_t low,
                          uint64_t high, void *answer);

#endif
