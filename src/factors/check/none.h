/* SPDX-License-Identifier: MIT */
/* Factor check, level none: a free is believed. Misuse is seen only when a block reaches its slab.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

#define HAK_CHECK_LEVEL "none"

enum { HAK_CHECK_TABLE_BYTES = 0, HAK_CHECK_IS_CERTAIN = 0 };

static inline void check_on_malloc(void *block)
{
    (void)block;
}

static inline uint64_t check_mark(const void *block)
{
    (void)block;
    return 0;
}

static inline bool check_is_marked(const void *block, uint64_t mark)
{
    (void)block, (void)mark;
    return false;
}

static inline bool check_before_free(struct hak_thread *thread, const void *block,
                                     size_t size_class, uint64_t mark)
{
    (void)thread, (void)block, (void)size_class, (void)mark;
    return true;
}

static inline void check_on_free(void *block, uint64_t mark)
{
    (void)block, (void)mark;
}

#endif
