/* SPDX-License-Identifier: MIT */
/*
 * A program with two allocators: that which malloc is, and a part of glibc's by its name.
 *
 *     second_malloc SECONDS    half of the processor time in _int_malloc, half in malloc and free
 */
#include <stdlib.h>
#include <time.h>

/* The name is what a lens finds it by. */
__attribute__((noinline)) void *_int_malloc(double until);

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void *_int_malloc(double until)
{
    volatile unsigned long turns = 0;
    while (cpu_seconds() < until) {
        for (int i = 0; i < 100000; i++)
            turns++;
    }
    return NULL;
}

static void churn(double until)
{
    while (cpu_seconds() < until) {
        for (int i = 0; i < 10000; i++) {
            void *volatile block = malloc(100);
            free(block);
        }
    }
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 1;
    _int_malloc(seconds / 2);
    churn(seconds);
    return 0;
}
