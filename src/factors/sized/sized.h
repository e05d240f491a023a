/* SPDX-License-Identifier: MIT */
/* Whether a pointer was allocated with the size that a sized free names. */
#ifndef HAK_SIZED_H
#define HAK_SIZED_H

#include <stdbool.h>
#include <stddef.h>

/* As sized_is_right; see factors/sized/ignored.h. A pointer that is none of ours is right: the free
 * that follows says what is wrong with it. */
bool hak_size_is_right(const void *pointer, size_t bytes, size_t alignment);

#endif
