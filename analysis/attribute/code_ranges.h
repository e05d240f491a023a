/* SPDX-License-Identifier: MIT */
/*
 * Nested ranges of code, flattened. Debug information nests: a function, the functions inlined in
 * it, those inlined in these. Flattened once, the innermost owner of an address is one binary
 * search away.
 *
 *     depth 1   |------------ malloc ------------|
 *     depth 2        |--- pop ---|   |-- class -|
 *     depth 3          |- top -|
 *     flat      |mall|p| top   |p|mal|-- class -||
 */
#ifndef ANALYSIS_CODE_RANGES_H
#define ANALYSIS_CODE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_range {
    uint64_t low;
    uint64_t high; /* exclusive */
    uint32_t depth;
    uint32_t owner;
};

struct code_ranges {
    struct code_range *items;
    size_t count;
    size_t capacity;
};

/* More ranges than any real library has; a file that claims more is broken. */
enum { CODE_RANGES_MOST = 4 << 20 };

/* Empty and reversed ranges are left out. False when memory is out or there are too many. */
bool code_ranges_add(struct code_ranges *ranges, uint64_t low, uint64_t high, uint32_t depth,
                     uint32_t owner);
void code_ranges_finish(struct code_ranges *ranges);

/* Sorts `ranges` and fills the empty `flat` with ranges that do not overlap, in order of address:
 * each piece goes to the deepest range that covers it, among equals to the one added last. Ranges
 * that cross each other are fine. False when memory is out. */
bool code_ranges_flatten(struct code_ranges *ranges, struct code_ranges *flat);

/* Index of the flat range that covers `address`, or SIZE_MAX; it, or the hole there, is low <=
 * address < high. */
size_t code_ranges_find(const struct code_ranges *flat, uint64_t address, uint64_t *low,
                        uint64_t *high);

#endif
