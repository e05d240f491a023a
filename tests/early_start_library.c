/* SPDX-License-Identifier: MIT */
/* A library whose constructor allocates, with threads and all, before the program's own. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 300 };

static char *blocks[BLOCKS];

char **early_library_blocks(void);
char **early_library_blocks(void)
{
    return blocks;
}

static void *fill(void *unused)
{
    (void)unused;
    for (int i = 0; i < BLOCKS; i++) {
        size_t size = (size_t)i * i + 1;
        blocks[i] = malloc(size);
        memset(blocks[i], i, size);
    }
    return NULL;
}

__attribute__((constructor(101))) static void construct(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, fill, NULL);
    pthread_join(thread, NULL);
}
