/* SPDX-License-Identifier: MIT */
/* Factor check, level none: a free is believed. Misuse is seen only when a block reaches its slab.
 */
#ifndef HAK_FACTOR_CHECK_H
#define HAK_FACTOR_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HAK_CHECK_LEVEL "none"

extern uint64_t hak_check_secret;

static inline void check_on_malloc(void *block)
{
    (void)block;
}

static inline bool check_before_free(const void *pointer, size_t size_class)
{
    (void)pointer, (void)size_class;
    return true;
}

static inline void check_on_free(void *pointer)
{
    (void)pointer;
}

#endif
