/* SPDX-License-Identifier: MIT */
/*
 * How malloc and free are counted without counting: a malloc takes one from its class's turn, which
 * has to be looked at anyway, and a free counts nothing. Whenever a slow path comes by,
 *
 *      mallocs = what was granted - what is left of the turn
 *      frees   = mallocs + blocks in the magazine now - blocks in it then
 *
 * go to the heap's counter page. So a page is behind by what happened since the class's last slow
 * path: at most a turn of mallocs, and as many frees and a magazine more.
 */
#ifndef HAK_TALLY_H
#define HAK_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "heap.h"

/* Brings the class's counters up to date. */
void hak_tally(struct hak_thread *thread, struct hak_heap *heap, size_t size_class);
void hak_tally_all(struct hak_thread *thread, struct hak_heap *heap);

/* The class's magazine becomes another, or holds another number of blocks: no malloc or free. */
void hak_tally_replace(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                       uintptr_t top);

/* What was done so far is counted elsewhere. */
void hak_tally_forget(struct hak_thread *thread, struct hak_heap *heap);

/* The class's next slow path comes after so many mallocs. */
void hak_tally_grant(struct hak_thread *thread, struct hak_heap *heap, size_t size_class,
                     uint32_t mallocs);

/* Adds to `sum` what the page of a thread's heap is behind, as another thread sees it: safe while
 * the thread can't end. */
void hak_tally_pending(const struct hak_thread *thread, const struct hak_heap *heap,
                       struct hak_counter_page *sum);

#endif
