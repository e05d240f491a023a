/* SPDX-License-Identifier: MIT */
/* The shadow map's allocator: the one whose system calls fail. */
#include "shadow_map/allocator.h"
#include "surviving_names.h"

void hakmem_free(void *pointer);
size_t hakmem_malloc_usable_size(void *pointer);
void hakmem_cfree(void *pointer);
void hakmem_free_sized(void *pointer, size_t bytes);
void hakmem_free_aligned_sized(void *pointer, size_t alignment, size_t bytes);

struct allocator allocator = {
    .malloc = surviving_malloc,
    .free = hakmem_free,
    .calloc = surviving_calloc,
    .realloc = surviving_realloc,
    .reallocarray = surviving_reallocarray,
    .aligned_alloc = surviving_aligned_alloc,
    .memalign = surviving_memalign,
    .posix_memalign = surviving_posix_memalign,
    .valloc = surviving_valloc,
    .pvalloc = surviving_pvalloc,
    .malloc_usable_size = hakmem_malloc_usable_size,
    .cfree = hakmem_cfree,
    .free_sized = hakmem_free_sized,
    .free_aligned_sized = hakmem_free_aligned_sized,
    .is_hakmem = true,
};

void allocator_find(void)
{
}
