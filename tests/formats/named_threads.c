/* SPDX-License-Identifier: MIT */
/*
 * Threads with names, hostile ones among them, each at work in malloc for so long a time:
 *   formats_named_threads MILLISECONDS
 * of processor time.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static const char *const names[] = {"calm", "od\"d\n\x1b[1m\xff;", "<b>\\u0000&"};
enum { THREADS = sizeof names / sizeof names[0], ROUNDS = 2000 };

static double limit_s;
static void *volatile touched[THREADS];

static double used_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *work(void *argument)
{
    size_t which = (uintptr_t)argument;
    prctl(PR_SET_NAME, names[which]);
    while (used_s() < limit_s) {
        for (size_t i = 0; i < ROUNDS; i++) {
            touched[which] = malloc(16 + i % 500);
            free(touched[which]);
        }
    }
    touched[which] = NULL;
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    if (argc != 2)
        return 2;
    limit_s = atof(argv[1]) / 1000;
    for (size_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)i) != 0)
            return 1;
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
