/* SPDX-License-Identifier: MIT */
/* Requests that are made once more without faults where they are refused; see surviving.h. */
#ifndef TESTS_FAULTS_SURVIVING_NAMES_H
#define TESTS_FAULTS_SURVIVING_NAMES_H

#include <stddef.h>

void *surviving_malloc(size_t bytes);
void *surviving_calloc(size_t count, size_t bytes);
void *surviving_realloc(void *pointer, size_t bytes);
void *surviving_reallocarray(void *pointer, size_t count, size_t bytes);
void *surviving_memalign(size_t alignment, size_t bytes);
void *surviving_aligned_alloc(size_t alignment, size_t bytes);
int surviving_posix_memalign(void **result, size_t alignment, size_t bytes);
void *surviving_valloc(size_t bytes);
void *surviving_pvalloc(size_t bytes);

#endif
