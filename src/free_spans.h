/* SPDX-License-Identifier: MIT */
/*
 * The arena's free spans, by length and by age. All of it under the arena's lock.
 *
 * Lists are segregated as in TLSF (Masmano et al., 2004): one list a length below 16 units, four a
 * doubling above, and a bitmap of the lists that are not empty, so that finding is O(1) but for a
 * short walk in the one list whose spans may be too short.
 */
#ifndef HAK_FREE_SPANS_H
#define HAK_FREE_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void hak_free_spans_init(void);

/* A span becomes free; it is not merged here. `freed_at` counts for dirty ones. */
void hak_free_spans_insert(uint32_t unit, uint32_t units, bool dirty, uint32_t freed_at);
void hak_free_spans_remove(uint32_t unit);

/* A free span of at least `units`, which are fewer than 2^32, or HAK_NO_UNIT. It stays in the
 * lists. */
uint32_t hak_free_spans_find(size_t units);

/* The dirty span that has been free for longest, or HAK_NO_UNIT. */
uint32_t hak_free_spans_oldest(void);

#endif
