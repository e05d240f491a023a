/* SPDX-License-Identifier: MIT */
/*
 * A signal handler that forks while it interrupts malloc. POSIX no longer calls that safe, and
 * programs do it: the parent must go on, the child must be able to end, to execute another program,
 * or to return from the handler and finish the call that was interrupted. In a program of one
 * thread glibc manages that; in one of several fork may never return there. Both are printed, ours
 * is judged.
 *
 *     fork_signal [forks]             the judge: runs itself as below, on both allocators
 *     fork_signal alone|crowd FORKS   what is judged
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/child.h"
#include "support/churn.h"
#include "support/process.h"
#include "support/promise.h"

enum {
    FORKS_MAX = 10000,
    CHILD_SECONDS = 20,
    GLIBC_SECONDS = 3,     /* it is not judged, and would wait for ever */
    DELAY_NS = 300 * 1000, /* at the most, from one fork to the next signal */
    THREADS = 3,
};

extern char **environ;
static unsigned wanted; /* forks */
static pid_t children[FORKS_MAX];
static volatile sig_atomic_t forked, in_child;
static timer_t timer;
static atomic_bool stop;

/* No fork takes half a second, but on a machine that does something else. */
static unsigned run_seconds(unsigned forks)
{
    return 30 + forks / 2;
}

static void be_a_child(int number)
{
    static char *const true_program[] = {"/bin/true", NULL};
    alarm(CHILD_SECONDS);
    if (number % 3 == 0)
        _exit(0);
    if (number % 3 == 1) {
        execv(true_program[0], true_program);
        _exit(127);
    }
    in_child = 1;
}

/* Once, so that what is interrupted goes on in between however long a fork takes. */
static void signal_soon(void)
{
    static uint64_t seed = 1;
    struct itimerspec delay = {.it_value.tv_nsec = 1 + (long)(random_next(&seed) % DELAY_NS)};
    timer_settime(timer, 0, &delay, NULL);
}

static void fork_here(int signal)
{
    int saved = errno;
    (void)signal;
    if (in_child || (unsigned)forked >= wanted)
        return;
    pid_t pid = fork();
    if (pid == 0)
        be_a_child(forked);
    else
        children[forked++] = pid;
    if (pid != 0)
        signal_soon();
    errno = saved;
}

/* Most of its time is spent under one of the allocator's locks. */
static void call_malloc(unsigned i)
{
    void *large = malloc(100000), *small = malloc(16 + i % 3000);
    free(large);
    free(small);
    if (i % 64 == 0)
        malloc_trim(0);
}

static void *trim(void *unused)
{
    while (!atomic_load(&stop))
        malloc_trim(0);
    return unused;
}

static int run(bool crowd)
{
    struct sigaction action = {.sa_handler = fork_here, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    sigset_t signals;
    pthread_t trimmer;
    alarm(run_seconds(wanted));
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* only the main thread takes them */
    sigaction(SIGUSR1, &action, NULL);
    if (crowd && (!churn_begin(THREADS) || pthread_create(&trimmer, NULL, trim, NULL)))
        return 2;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer))
        return 3;
    signal_soon();
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    for (unsigned i = 0; (unsigned)forked < wanted; i++) {
        call_malloc(i);
        if (in_child)
            _exit(0);
    }
    timer_delete(timer);
    atomic_store(&stop, true);
    if (crowd) {
        pthread_join(trimmer, NULL);
        churn_end();
    }
    unsigned clean = 0;
    for (unsigned i = 0; i < wanted; i++)
        clean += child_wait_clean(children[i], CHILD_SECONDS);
    printf("%u of %u children ended clean\n", clean, wanted);
    return clean == wanted ? 0 : 4;
}

static struct child_end run_on(bool ours, char *mode, char *forks)
{
    unsigned seconds = ours ? run_seconds((unsigned)atoi(forks)) + 5 : GLIBC_SECONDS;
    char program[4096];
    char *arguments[] = {program, mode, forks, NULL};
    char *empty[] = {NULL};
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    return child_start(arguments, ours ? environ : empty, seconds);
}

static void judge(char *mode, char *forks, bool judged)
{
    if (judged) {
        struct child_end end = run_on(true, mode, forks);
        promise(end.exit_status == 0, "fork from a signal handler, %s: %s", mode,
                child_describe(&end));
    }
    struct child_end end = run_on(false, mode, forks);
    note("on glibc, %s: %s", mode, child_describe(&end));
}

int main(int argc, char **argv)
{
    char forks[32];
    bool ours = under_hakmem();
    if (argc == 3 && (strcmp(argv[1], "alone") == 0 || strcmp(argv[1], "crowd") == 0)) {
        wanted = (unsigned)argument_or(argc, argv, 2, 1);
        wanted = wanted < FORKS_MAX ? wanted : FORKS_MAX;
        return run(argv[1][0] == 'c');
    }
    snprintf(forks, sizeof forks, "%lu", argument_or(argc, argv, 1, 300));
    judge("alone", forks, ours);
    judge("crowd", forks, ours);
    return ours ? promises_end() : 0;
}
