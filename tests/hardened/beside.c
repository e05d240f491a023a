/* SPDX-License-Identifier: MIT */
/*
 * One misuse, for any malloc: exit code 0 where nobody stopped it. See beside.sh.
 *
 *     beside CASE BYTES       beside names
 */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 64, SHORT_DELAY = 300, REUSES = 3000 };

static char *volatile block, *volatile neighbours[NEIGHBOURS];
static size_t bytes;

static void *free_it(void *unused)
{
    free(block);
    return unused;
}

static void write_behind_asked(void)
{
    block[bytes] = 9;
    free(block);
}

static void write_behind_usable(void)
{
    block[malloc_usable_size(block)] = 9;
    free(block);
}

static void write_far_behind(void)
{
    memset(block + bytes, 9, 64);
    free(block);
}

static void write_after_free_first(void)
{
    free(block);
    block[0] = 9;
}

static void write_after_free_middle(void)
{
    free(block);
    block[bytes / 2] = 9;
}

static void free_twice(void)
{
    free(block);
    free(block);
}

static void free_twice_later(void)
{
    free(block);
    for (int i = 0; i < SHORT_DELAY; i++)
        free(malloc(bytes));
    free(block);
}

static void free_twice_by_another_thread(void)
{
    pthread_t thread;
    free(block);
    if (pthread_create(&thread, NULL, free_it, NULL) == 0)
        pthread_join(thread, NULL);
}

static void free_inside(void)
{
    free(block + 16);
}

static const struct {
    const char *name;
    void (*misuse)(void);
} cases[] = {
    {"a byte behind those asked for", write_behind_asked},
    {"a byte behind the usable ones", write_behind_usable},
    {"64 bytes behind", write_far_behind},
    {"first byte written after free", write_after_free_first},
    {"middle byte written after free", write_after_free_middle},
    {"freed twice", free_twice},
    {"freed twice, 300 calls between", free_twice_later},
    {"freed twice, by another thread", free_twice_by_another_thread},
    {"freed inside", free_inside},
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* Whatever waits in a quarantine or a cache comes by again. */
static void reuse(void)
{
    static char *volatile all[REUSES];
    for (int i = 0; i < 50 * REUSES; i++) {
        char *volatile p = malloc(bytes);
        p[0] = 1;
        free(p);
    }
    for (int i = 0; i < REUSES; i++)
        all[i] = memset(malloc(bytes), 1, bytes);
    for (int i = 0; i < REUSES; i++)
        free(all[i]);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        for (int i = 0; i < CASES; i++)
            puts(cases[i].name);
        return 0;
    }
    size_t which = argc == 3 ? strtoul(argv[1], NULL, 10) : CASES;
    if (which >= CASES)
        return 2;
    bytes = strtoul(argv[2], NULL, 10);
    for (int i = 0; i < NEIGHBOURS; i++) {
        neighbours[i] = malloc(bytes);
        if (i == NEIGHBOURS / 2)
            block = memset(malloc(bytes), 7, bytes);
    }
    cases[which].misuse();
    reuse();
    return 0;
}
