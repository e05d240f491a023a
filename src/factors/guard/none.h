/* SPDX-License-Identifier: MIT */
/* Measure guard, level none: spans and tables stand side by side, and all that was ever in use can
 * be read and written. */
#ifndef HAK_FACTOR_GUARD_H
#define HAK_FACTOR_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HAK_GUARD_CLOSED = 0,    /* 1: a span is closed until guard_open */
    HAK_GUARD_GAP_BYTES = 0, /* between tables, and between them and the units */
    HAK_GUARD_BYTES = 0,     /* at a large block's end, at least */
};

/* Units that a span of slabs or magazines takes, for one to be used. */
static inline size_t guard_units(void)
{
    return 1;
}

/* The first bytes of a span just taken become its owner's. False: the kernel has no mapping left;
 * the span must be given back. */
static inline bool guard_open(uint32_t unit, size_t bytes)
{
    (void)unit, (void)bytes;
    return true;
}

/* A span in use gets longer or shorter: the bytes between become its owner's, or nobody's. */
static inline bool guard_resize(uint32_t unit, size_t from, size_t to)
{
    (void)unit, (void)from, (void)to;
    return true;
}

/* A span that is given back. False: it stays as it is, with its memory. */
static inline bool guard_close(uint32_t unit, uint32_t units)
{
    (void)unit, (void)units;
    return false;
}

#endif
