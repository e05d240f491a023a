/* SPDX-License-Identifier: MIT */
/*
 * Threads come and go: their heaps are taken over, not piled up. Key destructors that allocate and
 * arm themselves again run after a thread's heap could be gone; some threads only ever free.
 *
 *     threads [count]
 */
#include "support/process.h"
#include "support/promise.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* GRAIN_KB: what libc keeps of ended threads (stacks, TLS) varies by this much on any malloc. */
enum { AT_ONCE = 8, BLOCKS = 200, REARMS = 3, WARM_UP = 504, GRAIN_KB = 512 };

static pthread_key_t key;
static atomic_uint destructors_run, damaged;
static pthread_barrier_t together; /* all threads of a batch live at once, in every batch */

struct armed {
    unsigned left;
    char text[500];
};

/* Frees its value, allocates, and asks to be run again. */
static void destroy(void *value)
{
    struct armed *armed = value;
    unsigned left = armed->left;
    if (armed->text[left] != 'a')
        atomic_fetch_add(&damaged, 1);
    free(armed);
    atomic_fetch_add(&destructors_run, 1);
    if (left == 0)
        return;
    armed = malloc(sizeof *armed);
    memset(armed->text, 'a', sizeof armed->text);
    armed->left = left - 1;
    pthread_setspecific(key, armed);
}

static void *short_life(void *argument)
{
    uint64_t seed = (uintptr_t)argument;
    unsigned char *p[BLOCKS];
    size_t size[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        size[i] = 1 + random_next(&seed) % (i % 50 == 0 ? 40000 : 1500);
        p[i] = malloc(size[i]);
        memset(p[i], i, size[i]);
    }
    pthread_barrier_wait(&together);
    struct armed *armed = malloc(sizeof *armed);
    memset(armed->text, 'a', sizeof armed->text);
    armed->left = REARMS;
    pthread_setspecific(key, armed);
    for (int i = 0; i < BLOCKS; i++) {
        if (p[i][0] != i || p[i][size[i] - 1] != i)
            atomic_fetch_add(&damaged, 1);
        free(p[i]);
    }
    return NULL;
}

static bool run_threads(unsigned long count, void *(*body)(void *), unsigned long seed)
{
    pthread_t threads[AT_ONCE];
    for (unsigned long done = 0; done < count; done += AT_ONCE) {
        for (unsigned i = 0; i < AT_ONCE; i++)
            if (pthread_create(&threads[i], NULL, body, (void *)(seed + done + i)))
                return false;
        for (unsigned i = 0; i < AT_ONCE; i++)
            pthread_join(threads[i], NULL);
    }
    return true;
}

/* Without what waits to be reused: how much of it there is, is chance. */
static size_t resident_at_rest_kb(void)
{
    malloc_trim(0);
    return resident_kb();
}

static void short_threads(unsigned long count)
{
    pthread_key_create(&key, destroy);
    pthread_barrier_init(&together, NULL, AT_ONCE);
    bool fine = run_threads(WARM_UP, short_life, 1);
    size_t start = resident_at_rest_kb();
    unsigned long rest = (count - WARM_UP) / AT_ONCE * AT_ONCE;
    fine = fine && run_threads(rest, short_life, 1 + WARM_UP);
    size_t end = resident_at_rest_kb();
    unsigned long all = WARM_UP + rest;
    promise(fine && !damaged, "%lu short threads, %u blocks damaged", all, damaged);
    promise(destructors_run == all * (REARMS + 1), "%u destructors ran, each allocating",
            destructors_run);
    promise(end * 10 <= (start + GRAIN_KB) * 12,
            "resident after them %zu KiB, after the first %d %zu KiB", end, WARM_UP, start);
}

struct hand_over {
    char *blocks[4000];
    pthread_barrier_t filled;
};

static size_t hand_over_size(int i)
{
    return i % 100 == 0 ? 100000 : 1 + (size_t)i % 2000;
}

static void *free_all(void *argument)
{
    struct hand_over *over = argument;
    pthread_barrier_wait(&over->filled);
    for (int i = 0; i < 4000; i++)
        free(over->blocks[i]);
    return NULL;
}

/* Threads that free what others allocated, and never allocate. */
static void only_freeing(void)
{
    static struct hand_over over;
    size_t first = 0, last = 0;
    for (int round = 0; round < 50; round++) {
        pthread_t thread;
        pthread_barrier_init(&over.filled, NULL, 2);
        pthread_create(&thread, NULL, free_all, &over);
        for (int i = 0; i < 4000; i++) {
            size_t size = hand_over_size(i);
            over.blocks[i] = malloc(size);
            memset(over.blocks[i], 1, size);
        }
        pthread_barrier_wait(&over.filled);
        pthread_join(thread, NULL);
        pthread_barrier_destroy(&over.filled);
        if (round == 4)
            first = resident_kb();
    }
    last = resident_kb();
    promise(last * 10 <= first * 12,
            "threads that only free: resident %zu KiB, after 5 rounds %zu KiB", last, first);
}

static void *leave_behind(void *argument)
{
    char **blocks = argument;
    for (int i = 0; i < 20000; i++) {
        blocks[i] = malloc(300);
        memset(blocks[i], i, 300);
    }
    return NULL;
}

/* A thread's blocks outlive it, and their memory serves the next. */
static void blocks_outlive_thread(void)
{
    static char *blocks[20000];
    size_t first = 0, last = 0;
    unsigned long wrong = 0;
    for (int round = 0; round < 30; round++) {
        pthread_t thread;
        pthread_create(&thread, NULL, leave_behind, blocks);
        pthread_join(thread, NULL);
        for (int i = 0; i < 20000; i++) {
            wrong += blocks[i][0] != (char)i || blocks[i][299] != (char)i;
            free(blocks[i]);
        }
        if (round == 4)
            first = resident_kb();
    }
    last = resident_kb();
    promise(wrong == 0, "blocks of ended threads keep their contents");
    promise(last * 10 <= first * 12,
            "their memory serves the next thread: resident %zu KiB, after 5 rounds %zu KiB", last,
            first);
}

int main(int argc, char **argv)
{
    unsigned long count = argument_or(argc, argv, 1, 10000);
    under_hakmem();
    short_threads(count < 2 * WARM_UP ? 2 * WARM_UP : count);
    only_freeing();
    blocks_outlive_thread();
    return promises_end();
}
