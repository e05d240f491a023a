/* SPDX-License-Identifier: MIT */
/*
 * What a thread holds and has not used for a while goes back: magazines that the depot never needed
 * go to their slabs, and so does the top magazine of a class that nobody called; an empty slab kept
 * back goes to the arena; and free pages in slabs that have come to rest go to the kernel.
 */
#ifndef HAK_DECAY_H
#define HAK_DECAY_H

struct hak_thread;
struct hak_heap;

/* Called now and then; what was idle between two calls decays. */
void hak_decay(struct hak_thread *thread, struct hak_heap *heap);

#endif
