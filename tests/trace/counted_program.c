/* SPDX-License-Identifier: MIT */
/*
 * Calls malloc and its family as told, for hakmem-trace count. A round is eight calls; only the
 * other thread asks for 3000 bytes.
 *
 *     counted_program MODE ROUNDS
 */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of the fixture; NULL without it. */
extern struct timespec counted_clock __attribute__((weak));

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
    signals++;
}

static void round_of_calls(void)
{
    void *block = malloc(1000), *big = malloc(5000);
    void *zeroed = calloc(10, 10), *moved = realloc(block, 40);
    void *aligned = memalign(64, 100), *also = NULL;
    if (posix_memalign(&also, 128, 100) != 0 || (uintptr_t)also % 128 || (uintptr_t)aligned % 64 ||
        !moved || !big || !zeroed)
        _exit(99);
    free(big);
    free(zeroed);
}

static void rounds(int count)
{
    for (int i = 0; i < count; i++)
        round_of_calls();
}

/* Prints whether the allocator saw time go by. */
static void watch_clock(int count)
{
    struct timespec first;
    rounds(count);
    first = counted_clock;
    struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
    rounds(1);
    printf("%s\n", memcmp(&first, &counted_clock, sizeof first) == 0 ? "stands" : "goes");
}

static void fork_between(int count)
{
    rounds(count / 2);
    pid_t child = fork();
    rounds(count / 2);
    if (child == 0)
        _exit(0);
    int status;
    waitpid(child, &status, 0);
    printf("%d\n", status);
}

static void *other_thread(void *count)
{
    for (int i = 0; i < *(int *)count; i++)
        free(malloc(3000));
    return NULL;
}

static void beside_a_thread(int count)
{
    pthread_t thread;
    rounds(count / 2);
    if (pthread_create(&thread, NULL, other_thread, &count) != 0)
        _exit(99);
    rounds(count / 2);
    pthread_join(thread, NULL);
}

static void under_signals(int count)
{
    struct itimerval often = {{0, 500}, {0, 500}};
    signal(SIGALRM, count_signal);
    setitimer(ITIMER_REAL, &often, NULL);
    rounds(count);
    printf("%d\n", (int)signals);
}

static void handle_before(int count)
{
    signal(SIGTRAP, count_signal);
    rounds(count);
    raise(SIGTRAP);
    printf("%d\n", (int)signals);
}

static void handle_between(int count)
{
    rounds(count / 2);
    handle_before(count / 2);
}

static void block_between(int count)
{
    sigset_t set;
    rounds(count / 2);
    sigemptyset(&set);
    sigaddset(&set, SIGTRAP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    rounds(count / 2);
}

static void killed_between(int count)
{
    rounds(count / 2);
    raise(SIGKILL);
}

static void trapped_between(int count)
{
    rounds(count / 2);
    raise(SIGTRAP);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(int count);
    } modes[] = {{"rounds", rounds},
                 {"clock", watch_clock},
                 {"fork", fork_between},
                 {"thread", beside_a_thread},
                 {"signals", under_signals},
                 {"handle_before", handle_before},
                 {"handle_between", handle_between},
                 {"block_between", block_between},
                 {"killed_between", killed_between},
                 {"trapped_between", trapped_between}};
    for (size_t i = 0; argc == 3 && i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run(atoi(argv[2]));
            return 0;
        }
    }
    return 99;
}
