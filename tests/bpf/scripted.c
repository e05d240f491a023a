/* SPDX-License-Identifier: MIT */
/*
 * What the bpftrace scripts look at: until it is killed, it leaks blocks of 30000 bytes in `leak`,
 * frees those of `keep_none` at once, and has another thread free what it allocates. Prints its
 * thread's id and the other's.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HANDED = 200, PAUSE_US = 1000 };

static void *_Atomic handed[HANDED];
static void *_Atomic leaked;

static __attribute__((noinline)) void leak(void)
{
    atomic_store(&leaked, malloc(30000));
}

static __attribute__((noinline)) void keep_none(void)
{
    void *volatile block = malloc(1000);
    free(block);
    __asm__ volatile(""); /* no tail call: the frame stays */
}

static void *free_all(void *told)
{
    *(pid_t *)told = gettid();
    for (;;) {
        for (int i = 0; i < HANDED; i++)
            free(atomic_exchange(&handed[i], NULL));
        usleep(PAUSE_US);
    }
    return NULL;
}

int main(void)
{
    static volatile pid_t other;
    pthread_t thread;
    if (pthread_create(&thread, NULL, free_all, (void *)&other) != 0)
        return 3;
    while (!other)
        usleep(PAUSE_US);
    printf("%d %d\n", gettid(), other);
    fflush(stdout);
    for (;;) {
        leak();
        keep_none();
        for (int i = 0; i < HANDED; i++) {
            void *expected = NULL, *block = malloc(64);
            if (!atomic_compare_exchange_strong(&handed[i], &expected, block))
                free(block);
        }
        usleep(PAUSE_US);
    }
}
