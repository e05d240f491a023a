/* SPDX-License-Identifier: MIT */
/*
 * Included before the sources of other tests (-include), which then run on the allocator whose
 * calls fail: a request that is refused is made once more without faults, so that it sees a malloc
 * that works, while the allocator goes through every failure. What is refused then too, is.
 */
#ifndef TESTS_FAULTS_SURVIVING_H
#define TESTS_FAULTS_SURVIVING_H

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "surviving_names.h"

struct mallinfo2 hakmem_mallinfo2(void);
struct mallinfo hakmem_mallinfo(void);
int hakmem_mallopt(int parameter, int value);
int hakmem_malloc_trim(size_t keep);
int hakmem_malloc_info(int options, FILE *stream);
void hakmem_malloc_stats(void);
void hakmem_free(void *pointer);
size_t hakmem_malloc_usable_size(void *pointer);

#define malloc             surviving_malloc
#define calloc             surviving_calloc
#define realloc            surviving_realloc
#define reallocarray       surviving_reallocarray
#define memalign           surviving_memalign
#define aligned_alloc      surviving_aligned_alloc
#define posix_memalign     surviving_posix_memalign
#define valloc             surviving_valloc
#define pvalloc            surviving_pvalloc
#define free               hakmem_free
#define malloc_usable_size hakmem_malloc_usable_size
#define mallinfo2()        hakmem_mallinfo2() /* and the structures keep their names */
#define mallinfo()         hakmem_mallinfo()
#define mallopt            hakmem_mallopt
#define malloc_trim        hakmem_malloc_trim
#define malloc_info        hakmem_malloc_info
#define malloc_stats       hakmem_malloc_stats

#endif
