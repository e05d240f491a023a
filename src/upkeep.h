/* SPDX-License-Identifier: MIT */
/*
 * What has to happen now and then, in a library without a thread of its own: blocks for others are
 * sent off, what a thread holds and does not use goes back to its slabs, free pages go back to the
 * kernel. It happens on slow paths; and so that a program that stays on fast paths comes by too,
 * each class gives its thread a turn of so many mallocs, and its last is a slow one. Turns are
 * short at first and grow while they pass quickly, so that looking at the clock costs a busy
 * program nothing, and a lazy one comes by often enough.
 */
#ifndef HAK_UPKEEP_H
#define HAK_UPKEEP_H

#include <stddef.h>

#include "heap.h"

enum { HAK_LOOK_TICKS = 16 }; /* slow paths between looks at the clock */

void hak_upkeep_look(struct hak_thread *thread, struct hak_heap *heap);

/* On every slow path of a thread cache. */
static inline void hak_upkeep_tick(struct hak_thread *thread, struct hak_heap *heap)
{
    if (HAK_UNLIKELY(++heap->tick % HAK_LOOK_TICKS == 0))
        hak_upkeep_look(thread, heap);
}

/* The class's turn is over: grants another. */
void hak_upkeep_turn(struct hak_thread *thread, struct hak_heap *heap, size_t size_class);

/* Of a thread that has just got this heap. */
void hak_upkeep_begin(struct hak_thread *thread, struct hak_heap *heap);

#endif
