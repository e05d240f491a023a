/* SPDX-License-Identifier: MIT */
/* Huge blocks: mappings of their own, for what the arena has no room for. */
#ifndef HAK_HUGE_H
#define HAK_HUGE_H

#include <stddef.h>
#include <stdint.h>

void *hak_huge_malloc(size_t bytes, size_t alignment);

/* Size in bytes of the huge block at `pointer`, 0 where there is none. */
size_t hak_huge_bytes(const void *pointer);

/* Size of the huge block that `pointer` lies anywhere in, and where it starts; 0: in none. Looks at
 * all of them: only to explain, and without the lock, which a stopped thread may hold. */
size_t hak_huge_around(const void *pointer, uintptr_t *start);

/* 0 where there is no huge block at `pointer`; else its size, and it is gone. */
size_t hak_huge_free(void *pointer);

/* NULL where it can't be done; the block is untouched. It must be a huge block. */
void *hak_huge_realloc(void *pointer, size_t bytes);

void hak_huge_lock_for_fork(void);
void hak_huge_unlock_after_fork(void);

#endif
