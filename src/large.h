/* SPDX-License-Identifier: MIT */
/*
 * Blocks that no slab serves: spans of the arena, and, where the arena has no room for them, huge
 * blocks: mappings of their own, found again through a small table.
 */
#ifndef HAK_LARGE_H
#define HAK_LARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a block's length, bytes: a program that wants a little more than a unit gets that. */
enum { HAK_LARGE_GRAIN = 4096 };

/* NULL: no memory. `zero`, if not NULL: whether the block is known to be zero. */
void *hak_large_malloc(size_t bytes, size_t alignment, bool *zero);

/* The block starts at the first unit of a span whose word is HAK_WORD_LARGE. */
void hak_large_free(void *block);
size_t hak_large_bytes(const void *block);

/* In place or moved; NULL: no memory, the block is untouched. */
void *hak_large_realloc(void *block, size_t bytes);

/* Addresses that lost their memory in a realloc that failed get some again, where there is any. */
void hak_large_recover(void);

#endif
