/* SPDX-License-Identifier: MIT */
/*
 * Blocks freed by a thread that does not own them. The freeing thread gathers them by (owner,
 * class) in magazines of its outbox; a full magazine goes to the owner's inbox with one
 * compare-and-swap. The owner empties its inbox with one exchange when a thread cache runs empty,
 * and pops from these magazines. Until then the blocks count as taken, so their slabs stay where
 * they are.
 *
 *      freeing thread                        owner
 *      outbox[word] -> magazine -- CAS -->   inbox: magazine -> magazine -> ...   -- exchange -->
 * depot
 */
#ifndef HAK_REMOTE_H
#define HAK_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "heap.h"

/* Frees a block whose slab's word names another heap. */
void hak_remote_free(struct hak_heap *heap, void *block, uint64_t word);

/* Publishes what the outbox holds: all of it, or what is older than some slow paths. */
void hak_remote_publish_all(struct hak_heap *heap);
void hak_remote_publish_old(struct hak_heap *heap);

/* Hands one block to its owner when there is no memory for a magazine: linked through its first
 * word. */
void hak_remote_send_block(struct hak_heap *owner, void *block);

/* Takes the whole inbox onto the depot, or into slabs where the depot is full. Returns blocks
 * found. */
uint32_t hak_remote_collect(struct hak_heap *heap);

static inline bool hak_remote_pending(struct hak_heap *heap)
{
    return __atomic_load_n(&heap->inbox, __ATOMIC_RELAXED) != 0 ||
           __atomic_load_n(&heap->inbox_blocks, __ATOMIC_RELAXED) != NULL;
}

#endif
