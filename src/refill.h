/* SPDX-License-Identifier: MIT */
/* The thread cache's slow paths: a magazine ran empty, or full. */
#ifndef HAK_REFILL_H
#define HAK_REFILL_H

#include <stdbool.h>
#include <stddef.h>

#include "thread.h"

/* The class's magazine is empty: takes a magazine from the inbox or the depot, or blocks from
 * slabs, and pops one block. NULL: no memory. The thread must have a heap. */
void *hak_refill(size_t size_class);

/* The class's magazine is full: makes room (the whole magazine to the depot, or half to the slabs)
 * and pushes the block. The thread must have a heap. */
void hak_overflow(size_t size_class, void *block);

/* Puts every block the thread caches for its heap back into slabs. */
struct hak_heap;
void hak_refill_flush(struct hak_thread *thread, struct hak_heap *heap);

#endif
