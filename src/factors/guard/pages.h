/* SPDX-License-Identifier: MIT */
/*
 * Measure guard, level pages: only what is in use can be read or written. A span is closed until it
 * is taken and again when it is given back, and behind each one some bytes stay closed, so that no
 * overflow runs from one into the next, nor into the tables:
 *
 *      | slab  |guard| magazines |guard| large block, to its last page |guard|  closed ...
 *
 * A process has some 65,000 mappings, and an open span beside closed ones is two. So only so many
 * have a guard; the spans beyond are opened where they stand, side by side, and stay open.
 */
#ifndef HAK_FACTOR_GUARD_H
#define HAK_FACTOR_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "factors/guard/access.h"
#include "size_class.h"

enum {
    HAK_GUARD_CLOSED = 1,
    HAK_GUARD_GAP_BYTES = HAK_SLAB_BYTES,
#if defined(__x86_64__)
    HAK_GUARD_BYTES = 4096,
#else
    HAK_GUARD_BYTES = HAK_SLAB_BYTES, /* pages are up to 64 KiB there */
#endif
};

static inline size_t guard_units(void)
{
    return hak_guard_are_left() ? 2 : 1;
}

static inline bool guard_open(uint32_t unit, size_t bytes)
{
    return hak_guard_open(unit, bytes);
}

static inline bool guard_resize(uint32_t unit, size_t from, size_t to)
{
    return hak_guard_resize(unit, from, to);
}

static inline bool guard_close(uint32_t unit, uint32_t units)
{
    return hak_guard_close(unit, units);
}

#endif
