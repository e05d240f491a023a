/* SPDX-License-Identifier: MIT */
/* An allocator that serves well and takes a microsecond or more for it. */
#include <stddef.h>
#include <stdlib.h>

enum { TURNS = 3000 };

void *__libc_malloc(size_t size);

void *malloc(size_t size)
{
    for (volatile int turn = 0; turn < TURNS; turn++)
        continue;
    return __libc_malloc(size);
}
