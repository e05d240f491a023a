/* SPDX-License-Identifier: MIT */
/*
 * Factor check, level state: a table beside the blocks has a byte for each sixteen of the arena,
 * which tells whether a block starts there that a program has. malloc sets it and free clears it,
 * so every free of what is no block in use is caught: a second one, by whichever thread and
 * wherever the block is meanwhile, one inside a block, one of a block never handed out. Nothing
 * stands in the block, so no write to it hides anything.
 *
 * Bytes, not bits: they are stored by whoever frees, beside each other, and an atomic instruction
 * costs more than all the rest of a free. Two threads that free one block in the same few
 * nanoseconds may both find it in use; then the second malloc that gets it finds it in use, too,
 * and stops. A block is never handed out twice.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "compiler.h"
#include "misuse.h"
#include "thread.h"

#define HAK_CHECK_LEVEL "state"

enum {
    HAK_CHECK_TABLE_BYTES = HAK_SLAB_BYTES / HAK_GRAIN,
    HAK_CHECK_IS_CERTAIN = 1,
};

enum { CHECK_FREE, CHECK_IN_USE };

static inline uint8_t *check_state(const void *block)
{
    return hak_arena.states + ((uintptr_t)block - hak_arena.base) / HAK_GRAIN;
}

static inline void check_on_malloc(void *block)
{
    uint8_t *state = check_state(block);
    if (HAK_UNLIKELY(__atomic_load_n(state, __ATOMIC_RELAXED) != CHECK_FREE))
        hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, block);
    __atomic_store_n(state, CHECK_IN_USE, __ATOMIC_RELAXED);
}

/* Where the block's state is. */
static inline uint64_t check_mark(const void *block)
{
    return (uintptr_t)check_state(block);
}

static inline bool check_is_marked(const void *block, uint64_t mark)
{
    (void)block;
    return HAK_UNLIKELY(__atomic_load_n((uint8_t *)(uintptr_t)mark, __ATOMIC_RELAXED) !=
                        CHECK_IN_USE);
}

static inline bool check_before_free(struct hak_thread *thread, const void *block,
                                     size_t size_class, uint64_t mark)
{
    (void)thread, (void)size_class;
    return HAK_LIKELY((uintptr_t)block % HAK_GRAIN == 0) && !check_is_marked(block, mark);
}

static inline void check_on_free(void *block, uint64_t mark)
{
    (void)block;
    __atomic_store_n((uint8_t *)(uintptr_t)mark, CHECK_FREE, __ATOMIC_RELAXED);
}

#endif
