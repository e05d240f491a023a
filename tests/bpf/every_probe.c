/* SPDX-License-Identifier: MIT */
/*
 * Makes every probe of libhakmem fire, and prints what each must have told: a line is the probe's
 * name and its arguments, `*` where any value may stand, or `NAME=VALUE` for the test to reckon
 * with. Ends by a double free: SIGABRT.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SMALL = 48, SMALL_CLASS = 2, MANY = 20000, LARGE = 1 << 20, MISUSE_DOUBLE_FREE = 0 };
enum { CROWD = 4, CROWD_TURNS = 3000 };

static void *blocks[MANY];

static unsigned long long number(const void *pointer)
{
    return (uintptr_t)pointer;
}

static void calls(void)
{
    void *plain = malloc(100), *zeroed = calloc(10, 20), *aligned = memalign(64, 300);
    printf("malloc %llu 100\nmalloc %llu 200\nmalloc %llu 300\n", number(plain), number(zeroed),
           number(aligned));
    unsigned long long old = number(zeroed);
    void *grown = realloc(zeroed, 5000);
    printf("realloc %llu %llu 5000\n", old, number(grown));
    printf("free %llu\nfree %llu\nfree %llu\n", number(plain), number(grown), number(aligned));
    free(plain);
    free(grown);
    free(aligned);
}

static void fill(void)
{
    for (int i = 0; i < MANY; i++)
        blocks[i] = malloc(SMALL);
}

static void empty(void)
{
    for (int i = 0; i < MANY; i++)
        free(blocks[i]);
}

static void slow_paths(void)
{
    fill();
    printf("refill_begin %d\nrefill_end %d * 3\nslab_take %d *\narena_take_begin 1\n", SMALL_CLASS,
           SMALL_CLASS, SMALL_CLASS);
    empty();
    printf("overflow_begin %d\noverflow_end %d * *\n", SMALL_CLASS, SMALL_CLASS);
    malloc_trim(0);
    printf("slab_give %d *\narena_give * 1\n", SMALL_CLASS);
}

static void large(void)
{
    void *block = malloc(LARGE);
    size_t bytes = malloc_usable_size(block);
    printf("large_malloc %llu %zu\nlarge_free %llu %zu\n", number(block), bytes, number(block),
           bytes);
    printf("arena_take_end %llu %zu\n", number(block), bytes >> 16);
    free(block);
    malloc_trim(0);
    printf("inside_purge=%llu\n", number(block));
}

static void *free_remotely(void *unused)
{
    (void)unused;
    empty();
    return NULL;
}

static void *use_a_heap(void *unused)
{
    free(malloc(SMALL));
    return unused;
}

static void run(void *(*start)(void *))
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, start, NULL) != 0)
        exit(3);
    pthread_join(thread, NULL);
}

static void threads(void)
{
    fill();
    run(free_remotely);
    printf("remote_blocks=%d\n", MANY);
    fill(); /* empties the inbox */
    empty();
    run(use_a_heap);
    run(use_a_heap);
}

/* They meet at the arena's lock. */
static void *take_spans(void *unused)
{
    for (int i = 0; i < CROWD_TURNS; i++)
        free(malloc(LARGE));
    return unused;
}

static void crowd(void)
{
    pthread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++) {
        if (pthread_create(&threads[i], NULL, take_spans, NULL) != 0)
            exit(3);
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    calls();
    slow_paths();
    large();
    threads();
    crowd();
    size_t refused = PTRDIFF_MAX;
    if (malloc(refused))
        return 4;
    printf("out_of_memory %zu\n", refused);
    void *twice = malloc(SMALL);
    free(twice);
    printf("misuse %llu %d\n", number(twice), MISUSE_DOUBLE_FREE);
    fflush(stdout);
    free(twice);
    return 5;
}
