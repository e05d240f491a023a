/* SPDX-License-Identifier: MIT */
/*
 * Names the library gives out. Built with HAK_UNINTERPOSED, the public functions are hakmem_malloc,
 * hakmem_free, ... and nobody's malloc is replaced: for tests, and for programs that want a second
 * heap.
 */
#ifndef HAK_EXPORT_H
#define HAK_EXPORT_H

#include <stddef.h>

#define HAK_EXPORT __attribute__((visibility("default")))

#ifdef HAK_UNINTERPOSED
#    define HAK_NAME(name) hakmem_##name
#else
#    define HAK_NAME(name) name
#endif

struct mallinfo;
struct mallinfo2;

HAK_EXPORT void *HAK_NAME(malloc)(size_t bytes);
HAK_EXPORT void HAK_NAME(free)(void *pointer);
HAK_EXPORT void *HAK_NAME(calloc)(size_t count, size_t bytes);
HAK_EXPORT void *HAK_NAME(realloc)(void *pointer, size_t bytes);
HAK_EXPORT void *HAK_NAME(reallocarray)(void *pointer, size_t count, size_t bytes);
HAK_EXPORT void *HAK_NAME(aligned_alloc)(size_t alignment, size_t bytes);
HAK_EXPORT void *HAK_NAME(memalign)(size_t alignment, size_t bytes);
HAK_EXPORT int HAK_NAME(posix_memalign)(void **result, size_t alignment, size_t bytes);
HAK_EXPORT void *HAK_NAME(valloc)(size_t bytes);
HAK_EXPORT void *HAK_NAME(pvalloc)(size_t bytes);
HAK_EXPORT size_t HAK_NAME(malloc_usable_size)(void *pointer);
HAK_EXPORT void HAK_NAME(cfree)(void *pointer);
HAK_EXPORT void HAK_NAME(free_sized)(void *pointer, size_t bytes);
HAK_EXPORT void HAK_NAME(free_aligned_sized)(void *pointer, size_t alignment, size_t bytes);

#endif
