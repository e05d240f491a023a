/* SPDX-License-Identifier: MIT */
/*
 * An allocator that makes one mistake, so that it is seen whether the shadow map finds it: glibc's,
 * preloaded under its own names, but every 500th answer of a kind is wrong. The environment's
 * SHADOW_MAP_FAULT says how; finds.sh has the list.
 */
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 500, OFTEN = 20 };

void *__libc_malloc(size_t bytes);
void __libc_free(void *pointer);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *pointer, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

/* The block that was handed out last, while it is live. */
static unsigned char *_Atomic last;
static _Atomic(size_t) last_bytes;

/* Whether it is this fault's turn. */
static bool is_due(const char *fault, unsigned every)
{
    static atomic_uint calls;
    const char *chosen = getenv("SHADOW_MAP_FAULT");
    return chosen && strcmp(chosen, fault) == 0 && ++calls % every == 0;
}

static void *remember(void *pointer, size_t bytes)
{
    last = pointer;
    last_bytes = bytes;
    return pointer;
}

void *malloc(size_t bytes)
{
    if (bytes > PTRDIFF_MAX && is_due("met", 1))
        bytes = 16;
    if (bytes <= last_bytes && last && is_due("overlap", EVERY))
        return last;
    if (bytes > 64 && bytes < 32768 && is_due("short", EVERY))
        return __libc_malloc(1);
    if (bytes < 32768 && is_due("refuse", EVERY)) {
        errno = ENOMEM;
        return NULL;
    }
    return remember(__libc_malloc(bytes), bytes);
}

void free(void *pointer)
{
    if (pointer == last)
        last = NULL;
    if (last && last_bytes > 100 && is_due("stray", EVERY))
        last[50] ^= 1;
    __libc_free(pointer);
    if (is_due("errno", EVERY))
        errno = ENOMEM;
}

void *calloc(size_t count, size_t bytes)
{
    unsigned char *pointer = __libc_calloc(count, bytes);
    if (pointer && count * bytes > 10000 && is_due("dirty", OFTEN))
        pointer[count * bytes - 1] = 1;
    return pointer;
}

/* Loses one byte: of a page in the middle where there is one. */
void *realloc(void *pointer, size_t bytes)
{
    size_t old = pointer ? malloc_usable_size(pointer) : 0;
    if (pointer == last)
        last = NULL;
    unsigned char *moved = __libc_realloc(pointer, bytes);
    size_t kept = old < bytes ? old : bytes;
    if (moved && kept > 0 && is_due("lose", OFTEN))
        moved[kept / 2 & ~(size_t)4095] ^= 1;
    if (moved && kept > 3 * 4096 && is_due("swap", OFTEN))
        memcpy(moved + 4096, moved + 2 * 4096, 4096);
    return moved;
}

void *memalign(size_t alignment, size_t bytes)
{
    if (alignment < 32 || !is_due("align", OFTEN))
        return __libc_memalign(alignment, bytes);
    char *block = __libc_memalign(alignment, bytes + alignment);
    memset(block, 0, 32); /* no chunk's header, as whatever was there before might seem to be */
    return block + 16;
}
