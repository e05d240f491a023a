/* SPDX-License-Identifier: MIT */
/*
 * Memory that was given back to the kernel, and is handed out again by calloc, is zero, also where
 * the kernel did not take it (emulators of processes say that they did).
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "support/process.h"
#include "support/promise.h"

enum { BLOCKS = 50 };

static bool is_zero(const unsigned char *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (block[i] != 0)
            return false;
    return true;
}

/* Blocks of one size, written to, freed, given back, and asked for again. */
static void once_again(size_t bytes)
{
    unsigned char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        memset(blocks[i] = opaque(malloc(bytes)), 0xff, bytes);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    malloc_trim(0);
    bool zero = true;
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = opaque(calloc(1, bytes));
        zero &= blocks[i] && is_zero(blocks[i], bytes);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    promise(zero, "calloc after malloc_trim: %zu bytes are zero", bytes);
}

/* A large block that grows leaves its place to others. */
static void moved(void)
{
    enum { OLD = 512 * 1024, NEW = 4 * 1024 * 1024 };
    unsigned char *block = opaque(malloc(OLD)), *wall = opaque(malloc(OLD));
    memset(block, 0xff, OLD);
    block = opaque(realloc(block, NEW));
    unsigned char *next = opaque(calloc(1, OLD));
    promise(block && block[0] == 0xff && block[OLD - 1] == 0xff, "realloc keeps what it moves");
    promise(next && is_zero(next, OLD), "what it left is zero for calloc");
    free(next);
    free(wall);
    free(block);
}

int main(void)
{
    under_hakmem();
    once_again(100);
    once_again(30000);
    once_again(1 << 20);
    moved();
    return promises_end();
}
