/* SPDX-License-Identifier: MIT */
/*
 * Measure zero, level checked: free clears the whole block, canary and all, and malloc finds it
 * still clear or stops the process. So no secret outlives its block, none is read through a
 * pointer that was kept, and a write through one is found when the block is handed out again.
 * calloc has nothing left to do.
 */
#ifndef HAK_FACTOR_ZERO_H
#define HAK_FACTOR_ZERO_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"
#include "size_class.h"
#include "factors/zero/wipe.h"

enum { HAK_ZERO_ON_FREE = 1, HAK_ZERO_WHOLE = 1 };

static inline void zero_start(void)
{
    hak_wipe_start();
}

static inline void zero_on_free(void *block, size_t size_class)
{
    hak_wipe(block, hak_class_bytes[size_class]);
}

static inline bool zero_holds(const void *block, size_t size_class)
{
    return HAK_LIKELY(hak_is_wiped(block, hak_class_bytes[size_class]));
}

#endif
