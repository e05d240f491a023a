/* SPDX-License-Identifier: MIT */
/*
 * Handlers of pthread_atfork that allocate and free. The constructor registers them before anybody
 * has called malloc: their `prepare` runs after the allocator's own, while fork holds its locks,
 * and their `parent` and `child` before it has given them back.
 */
#include "fork_handlers.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 200 };

static void *kept[BLOCKS];
unsigned handlers_run[3], handlers_failed;

/* Every class, spans, and what takes each of the allocator's locks. */
static void allocate(unsigned where)
{
    handlers_run[where]++;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t size = i % 50 == 0 ? 100000 * (i / 50 + 1) : i * 170 + 1;
        free(kept[i]);
        kept[i] = malloc(size);
        if (kept[i])
            memset(kept[i], 1, size < 5000 ? size : 5000);
        else
            handlers_failed++;
    }
    void *moved = realloc(kept[50], 900000);
    handlers_failed += moved == NULL;
    kept[50] = moved;
    malloc_trim(0);
    handlers_failed += mallinfo2().uordblks > (size_t)1 << 40;
}

static void prepare(void)
{
    allocate(0);
}

static void parent(void)
{
    allocate(1);
}

static void child(void)
{
    allocate(2);
}

void register_handlers(void)
{
    pthread_atfork(prepare, parent, child);
}

__attribute__((constructor)) static void loaded(void)
{
    register_handlers();
}
