/* SPDX-License-Identifier: MIT */
/* glibc's own names for malloc and its kin lead to the same allocator: what one gives the others
 * take. */
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t bytes);
void __libc_free(void *pointer);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *pointer, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);
void *__libc_valloc(size_t bytes);
void *__libc_pvalloc(size_t bytes);

int main(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    under_hakmem();
    char *block = __libc_malloc(100);
    memset(block, 'a', 100);
    block = realloc(block, 5000);
    promise(block[99] == 'a', "__libc_malloc, then realloc");
    block = __libc_realloc(block, 200000);
    promise(block[99] == 'a' && malloc_usable_size(block) >= 200000,
            "__libc_realloc, then malloc_usable_size");
    __libc_free(block);
    block = __libc_calloc(3, 1000);
    promise(block[0] == 0 && memcmp(block, block + 1, 2999) == 0, "__libc_calloc");
    free(block);
    block = __libc_memalign(256, 100);
    promise((uintptr_t)block % 256 == 0, "__libc_memalign");
    free(block);
    block = __libc_valloc(100);
    promise((uintptr_t)block % page == 0, "__libc_valloc");
    free(block);
    block = __libc_pvalloc(100);
    promise((uintptr_t)block % page == 0 && malloc_usable_size(block) >= page, "__libc_pvalloc");
    __libc_free(block);
    promise(mallopt(M_MMAP_THRESHOLD, 1 << 20) == 1, "mallopt of a known parameter");
    promise(!under_hakmem() || mallopt(12345, 1) == 0, "mallopt of none");
    return promises_end();
}
