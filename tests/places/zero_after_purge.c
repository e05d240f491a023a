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

/* Large blocks that grow, each with a neighbour in its way, leave their places to others. */
static void moved(void)
{
    enum { OLD = 512 * 1024, NEW = 4 * 1024 * 1024 };
    unsigned char *blocks[BLOCKS], *next[BLOCKS];
    bool kept = true, zero = true;
    for (int i = 0; i < BLOCKS; i++)
        memset(blocks[i] = opaque(malloc(OLD)), 0xff, OLD);
    for (int i = 0; i < BLOCKS; i += 2) {
        blocks[i] = opaque(realloc(blocks[i], NEW));
        kept &= blocks[i] && blocks[i][0] == 0xff && blocks[i][OLD - 1] == 0xff;
    }
    for (int i = 0; i < BLOCKS; i += 2) {
        next[i] = opaque(calloc(1, OLD));
        zero &= next[i] && is_zero(next[i], OLD);
    }
    promise(kept, "realloc keeps what it moves");
    promise(zero, "what it left is zero for calloc");
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    for (int i = 0; i < BLOCKS; i += 2)
        free(next[i]);
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
