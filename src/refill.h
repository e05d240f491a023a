/* SPDX-License-Identifier: MIT */
/* The thread cache's slow paths: a magazine ran empty, or full. */
#ifndef HAK_REFILL_H
#define HAK_REFILL_H

#include <stdbool.h>
#include <stddef.h>

#include "thread.h"

/* The class's magazine is empty: takes a magazine from the inbox or the depot, or blocks from
 * slabs. False: no memory. The thread must have a heap. */
bool hak_refill(size_t size_class);

/* The same, where that takes no more than an exchange of magazines with the depot: most refills.
 * False: it would take more, or the thread has no heap. */
bool hak_refill_swap(size_t size_class);

/* The class's magazine is full: makes room (the whole magazine to the depot, or half to the slabs)
 * and pushes the block. The thread must have a heap. */
void hak_overflow(size_t size_class, void *block);

struct hak_heap;

/* Puts the blocks of the thread's magazine of the class back into slabs; it stays in its place,
 * empty. */
void hak_refill_flush_top(struct hak_thread *thread, struct hak_heap *heap, size_t size_class);

/* Puts every block the thread caches for its heap back into slabs. */
void hak_refill_flush(struct hak_thread *thread, struct hak_heap *heap);

#endif
