/* SPDX-License-Identifier: MIT */
/*
 * Factor check, level key: a freed block's second word holds a mark, its address and a constant,
 * until it is handed out again. A free that finds it there is suspect, and the slow path looks the
 * block up in caches and slab before it accuses. A pointer that is no block's start is refused as
 * well.
 *
 * The mark is one addition away from the pointer: odd and more than a gigabyte beyond the block, it
 * is no pointer of the program's and no small number. A secret in its place was one load and one
 * instruction more in every free.
 *
 * The second word, because what a short-lived block's program wrote last is mostly a few bytes at
 * its start: a load of eight bytes right after a store of one waits until the store has left the
 * processor's store buffer, a third of a malloc and free of one block in turn.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "size_class.h"
#include "thread.h"

#define HAK_CHECK_LEVEL "key"

enum {
    HAK_CHECK_WORD = 1, /* of a block; links of ours in free blocks stand in word 0 */
    HAK_CHECK_DISTANCE = 0x5bd1e995,
    HAK_CHECK_TABLE_BYTES = 0, /* beside each unit */
    HAK_CHECK_IS_CERTAIN = 0, /* 1: a mark is no suspicion, but proof, and no page takes it along */
};

static inline void check_on_malloc(void *block)
{
    ((uint64_t *)block)[HAK_CHECK_WORD] = 0;
}

/* What a block holds while it is free. */
static inline uint64_t check_mark(const void *block)
{
    return (uintptr_t)block + HAK_CHECK_DISTANCE;
}

static inline bool check_is_marked(const void *block, uint64_t mark)
{
    return HAK_UNLIKELY(((const uint64_t *)block)[HAK_CHECK_WORD] == mark);
}

/* True where the block may be freed: `block` starts one, and it does not look freed. For a thread
 * that has a heap. */
static inline bool check_before_free(struct hak_thread *thread, const void *block,
                                     size_t size_class, uint64_t mark)
{
    uint32_t offset = (uint32_t)((uintptr_t)block & (HAK_SLAB_BYTES - 1));
    return HAK_LIKELY(offset * hak_front(thread, size_class)->inverse < HAK_START_BOUND) &&
           !check_is_marked(block, mark);
}

static inline void check_on_free(void *block, uint64_t mark)
{
    ((uint64_t *)block)[HAK_CHECK_WORD] = mark;
}

#endif
