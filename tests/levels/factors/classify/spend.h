/* SPDX-License-Identifier: MIT */
/*
 * For the tests of hakmem-trace alone: level direct of the factor classify, but for instructions
 * that do nothing, HAK_SPENT of them in every malloc. They wait for nothing, so no other work can
 * run beside them: time in them is time lost.
 */
#ifndef HAK_FACTOR_CLASSIFY_H
#define HAK_FACTOR_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "routes.h"
#include "size_class.h"
#include "thread.h"

#define HAK_CLASSIFY_LEVEL "spend"
enum { HAK_CLASSIFY_LUT_HITS_PER_MALLOC = 1, HAK_CLASSIFY_ROUTED = 0 };

static inline bool classify_size(size_t bytes, size_t *size_class)
{
    __asm__ volatile(".rept %c0\n\tnop\n\t.endr" ::"i"(HAK_SPENT));
    if (HAK_UNLIKELY(bytes > HAK_SLAB_MAX - HAK_HEADER_ROOM))
        return false;
    *size_class = hak_class_lut[(bytes + HAK_HEADER_ROOM + HAK_GRAIN - 1) / HAK_GRAIN];
    return true;
}

/* Never asked: HAK_CLASSIFY_ROUTED says that there are no routes. */
static inline hak_malloc_handler *classify_malloc_route(size_t size_class)
{
    (void)size_class;
    return NULL;
}

static inline hak_free_handler *classify_free_route(size_t size_class)
{
    (void)size_class;
    return NULL;
}

#endif
