/* SPDX-License-Identifier: MIT */
/* What is done to a block on its way to the program, and when it comes back. */
#ifndef HAK_HAND_OVER_H
#define HAK_HAND_OVER_H

#include "factors.h"
#include "misuse.h"

/* 1: a block must have its mark before it stands anywhere, for what finds it without one accuses:
 * a child forked by another thread in between would. */
enum { HAK_TAKE_BACK_FIRST = HAK_CHECK_IS_CERTAIN || HAK_ZERO_ON_FREE };

static inline void *hak_hand_out(void *block, size_t size_class)
{
    check_on_malloc(block);
    if (HAK_UNLIKELY(!zero_holds(block, size_class)))
        hak_misuse_stop(HAK_MISUSE_WRITTEN, block);
    canary_write(block, size_class);
    return block;
}

/* Of a block whose mark and canary were found right. */
static inline void hak_take_back(void *block, size_t size_class, uint64_t mark)
{
    zero_on_free(block, size_class);
    check_on_free(block, mark);
}

/* Stops where the canary of a block in use is not whole. */
static inline void hak_check_canary(const void *block, size_t size_class)
{
    if (HAK_LIKELY(canary_is_whole(block, size_class)))
        return;
    bool wiped = HAK_ZERO_ON_FREE && canary_is_wiped(block, size_class);
    hak_misuse_stop(wiped ? HAK_MISUSE_DOUBLE_FREE : HAK_MISUSE_OVERFLOW, block);
}

#endif
