/* SPDX-License-Identifier: MIT */
/* Where the fast path ends: everything malloc and free do when one step of it does not hold. */
#ifndef HAK_SLOW_PATH_H
#define HAK_SLOW_PATH_H

#include <stddef.h>

/* Any size; NULL with errno ENOMEM where it can't be had. */
void *hak_slow_malloc(size_t bytes);

/* Any pointer: NULL is fine, a wrong one stops the process. */
void hak_slow_free(void *pointer);

/* A power of two as alignment; NULL with errno ENOMEM. */
void *hak_aligned_malloc(size_t alignment, size_t bytes);

/* NULL, with errno ENOMEM. */
void *hak_refuse(size_t bytes);

void *hak_calloc(size_t count, size_t bytes);

/* The pointer may be NULL; `bytes` 0 frees. */
void *hak_realloc(void *pointer, size_t bytes);

/* Bytes the program may use; 0 for NULL. A wrong pointer stops the process. */
size_t hak_usable_bytes(const void *pointer);

#endif
