/* SPDX-License-Identifier: MIT */
/*
 * Call sites of which everything is known: how many blocks of how many bytes each asks for, which
 * of them are live together, and which are never given back.
 *
 *     sites TIMES [THREADS]     prints "SITE BLOCKS BYTES PEAK_BYTES EXIT_BYTES", a line each
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SITE __attribute__((noinline))

enum { HELD = 64, MOST_THREADS = 16 };

static void *volatile hold; /* so that no call is left out */

SITE static void *small_site(void)
{
    return hold = malloc(24);
}

SITE static void *middle_site(void)
{
    return hold = calloc(3, 100);
}

SITE static void *odd_site(void)
{
    return hold = malloc(1100);
}

SITE static void *wide_site(void)
{
    return hold = malloc(20000);
}

SITE static void *aligned_site(void)
{
    void *block = NULL;
    return hold = posix_memalign(&block, 64, 500) == 0 ? block : NULL;
}

SITE static void *large_site(void)
{
    return hold = malloc(100000);
}

/* The block moves, so it is two: one of 40, one of 4000. */
SITE static void *grown_site(void)
{
    return hold = realloc(malloc(40), 4000);
}

struct site {
    const char *name;
    void *(*ask)(void);
    unsigned share;       /* of TIMES: one in so many */
    size_t blocks, bytes; /* that one call asks for */
};

static const struct site sites[] = {
    {"small_site", small_site, 1, 1, 24},        {"middle_site", middle_site, 1, 1, 300},
    {"odd_site", odd_site, 2, 1, 1100},          {"wide_site", wide_site, 8, 1, 20000},
    {"aligned_site", aligned_site, 2, 1, 500},   {"large_site", large_site, 40, 1, 100000},
    {"grown_site", grown_site, 8, 2, 4000 + 40},
};

enum { SITES = sizeof sites / sizeof sites[0] };

static size_t times;

/* Blocks live for a while, and another thread gives some of them back. */
static void *pass[MOST_THREADS][HELD];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *exchange(size_t thread, size_t place, void *block)
{
    pthread_mutex_lock(&lock);
    void *before = pass[thread % MOST_THREADS][place % HELD];
    pass[thread % MOST_THREADS][place % HELD] = block;
    pthread_mutex_unlock(&lock);
    return before;
}

static void *churn(void *argument)
{
    size_t thread = (size_t)(uintptr_t)argument;
    for (size_t i = 0; i < times; i++) {
        for (size_t s = 0; s < SITES; s++) {
            if (i % sites[s].share == 0)
                free(exchange(thread + i % 2, i, sites[s].ask()));
        }
    }
    return NULL;
}

enum { LEAKED = 300, LEAK_BYTES = 777, PEAK = 200, PEAK_BYTES = 50000 };

static void *leaked[LEAKED], *peaked[PEAK];

SITE static void *leak_site(void)
{
    return hold = malloc(LEAK_BYTES);
}

SITE static void *peak_site(void)
{
    return hold = malloc(PEAK_BYTES);
}

int main(int count, char **arguments)
{
    size_t threads = count > 2 ? strtoul(arguments[2], NULL, 10) : 1;
    pthread_t started[MOST_THREADS];
    times = count > 1 ? strtoul(arguments[1], NULL, 10) : 1000;
    for (size_t i = 0; i < LEAKED; i++)
        leaked[i] = leak_site();
    for (size_t i = 0; i < PEAK; i++)
        peaked[i] = peak_site();
    usleep(1000);
    for (size_t i = 0; i < PEAK; i++)
        free(peaked[i]);
    for (size_t i = 1; i < threads; i++)
        pthread_create(&started[i], NULL, churn, (void *)(uintptr_t)i);
    churn(NULL);
    for (size_t i = 1; i < threads; i++)
        pthread_join(started[i], NULL);
    for (size_t i = 0; i < MOST_THREADS * HELD; i++)
        free(pass[i / HELD][i % HELD]);
    for (size_t s = 0; s < SITES; s++) {
        size_t calls = threads * ((times + sites[s].share - 1) / sites[s].share);
        printf("%s %zu %zu 0 0\n", sites[s].name, calls * sites[s].blocks, calls * sites[s].bytes);
    }
    printf("leak_site %d %d %d %d\n", LEAKED, LEAKED * LEAK_BYTES, LEAKED * LEAK_BYTES,
           LEAKED * LEAK_BYTES);
    printf("peak_site %d %d %d 0\n", PEAK, PEAK * PEAK_BYTES, PEAK * PEAK_BYTES);
    return 0;
}
