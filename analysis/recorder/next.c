/* SPDX-License-Identifier: MIT */
#include "next.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EARLY_BYTES = 65536 };

static _Alignas(64) char early[EARLY_BYTES];
static size_t early_used; /* by atomic access alone */

static struct next found;
static enum { NOT_YET, SEARCHING, FOUND } search; /* by atomic access alone */

void next_find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* The first call of all comes while the process has one thread: creating another one allocates. */
static __attribute__((noinline)) const struct next *find_all(void)
{
    if (__atomic_load_n(&search, __ATOMIC_ACQUIRE) == SEARCHING)
        return NULL;
    __atomic_store_n(&search, SEARCHING, __ATOMIC_RELEASE);
    next_find("malloc", &found.malloc);
    next_find("calloc", &found.calloc);
    next_find("realloc", &found.realloc);
    next_find("memalign", &found.memalign);
    next_find("aligned_alloc", &found.aligned_alloc);
    next_find("posix_memalign", &found.posix_memalign);
    next_find("valloc", &found.valloc);
    next_find("pvalloc", &found.pvalloc);
    next_find("free", &found.free);
    __atomic_store_n(&search, FOUND, __ATOMIC_RELEASE);
    return &found;
}

const struct next *next_functions(void)
{
    if (__builtin_expect(__atomic_load_n(&search, __ATOMIC_ACQUIRE) == FOUND, 1))
        return &found;
    return find_all();
}

void *early_block(size_t alignment, size_t bytes)
{
    size_t least = alignment > 16 ? alignment : 16, used, start;
    used = __atomic_load_n(&early_used, __ATOMIC_RELAXED);
    do {
        start = used + (-((uintptr_t)early + used) & (least - 1));
        if (start > EARLY_BYTES || bytes > EARLY_BYTES - start) {
            errno = ENOMEM;
            return NULL;
        }
    } while (!__atomic_compare_exchange_n(&early_used, &used, start + bytes, true, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    return early + start;
}

bool early_is(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early < EARLY_BYTES;
}

/* How long the block was nobody knows: as much as may be read from there. */
void *early_leave(const void *block, size_t bytes)
{
    void *copy = malloc(bytes);
    size_t readable = (size_t)(early + EARLY_BYTES - (const char *)block);
    return copy ? memcpy(copy, block, bytes < readable ? bytes : readable) : NULL;
}
