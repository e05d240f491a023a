/* SPDX-License-Identifier: MIT */
/*
 * A program with a malloc of its own, as some servers have, which lacks the rarer names. Those come
 * from the C library or from a preloaded allocator, and their blocks must be this program's:
 * glibc's reallocarray calls the process's realloc, so the control keeps that promise. Its valloc
 * and pvalloc do not, which is why `--all` is not asked of glibc.
 */
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 64 << 20, GRAIN = 16 };

static _Alignas(65536) char arena[ARENA_BYTES];
static size_t arena_used;

struct head {
    size_t bytes, unused;
};

void *memalign(size_t alignment, size_t bytes)
{
    if (alignment < GRAIN)
        alignment = GRAIN;
    /* One program's whole run: nothing is reused. */
    size_t need = bytes + alignment + sizeof(struct head) + GRAIN;
    size_t at = __atomic_fetch_add(&arena_used, need, __ATOMIC_RELAXED);
    if (bytes > ARENA_BYTES || at + need > ARENA_BYTES)
        return NULL;
    uintptr_t start = (uintptr_t)arena + at + sizeof(struct head);
    char *block = (char *)((start + alignment - 1) & ~(alignment - 1));
    ((struct head *)(void *)block)[-1].bytes = bytes;
    return block;
}

static bool is_mine(const void *block)
{
    return (uintptr_t)block - (uintptr_t)arena < ARENA_BYTES;
}

void *malloc(size_t bytes)
{
    return memalign(GRAIN, bytes);
}

void free(void *block)
{
    if (block && !is_mine(block)) {
        fputs("other_malloc: a block of another allocator's came to free\n", stderr);
        _Exit(1);
    }
}

void *calloc(size_t count, size_t bytes)
{
    void *block = malloc(count * bytes);
    return block ? memset(block, 0, count * bytes) : NULL;
}

void *realloc(void *block, size_t bytes)
{
    void *moved = malloc(bytes);
    if (block && moved) {
        size_t old = ((struct head *)block)[-1].bytes;
        memcpy(moved, block, old < bytes ? old : bytes);
    }
    return moved;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return memalign(alignment, bytes);
}

int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    *result = memalign(alignment, bytes);
    return *result ? 0 : 12;
}

/* Where the C library has them, or something preloaded. */
extern void free_sized(void *block, size_t bytes) __attribute__((weak));
extern void cfree(void *block) __attribute__((weak));

static bool check(const char *name, void *block)
{
    bool mine = is_mine(block);
    printf("%-6s %s gives blocks of this program's malloc\n", mine ? "ok" : "BROKEN", name);
    if (mine)
        free(block);
    return mine;
}

int main(int argc, char **argv)
{
    bool kept = check("reallocarray", reallocarray(NULL, 10, 20));
    kept &= check("strdup", strdup("a copy"));
    if (argc == 2 && strcmp(argv[1], "--all") == 0) {
        kept &= check("valloc", valloc(100));
        kept &= check("pvalloc", pvalloc(100));
        if (free_sized)
            free_sized(malloc(10), 10);
        if (cfree)
            cfree(malloc(10));
        puts("ok     free_sized and cfree take them");
    }
    return !kept;
}
