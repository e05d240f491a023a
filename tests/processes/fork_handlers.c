/* SPDX-License-Identifier: MIT */
/*
 * Handlers of pthread_atfork may allocate, whether they were registered before the allocator's own
 * or after it, while other threads churn.
 *
 *     fork_handlers [forks] [threads]
 */
#include "fork_handlers.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/child.h"
#include "support/churn.h"
#include "support/process.h"
#include "support/promise.h"

enum { CHILD_SECONDS = 20, WATCHDOG_SECONDS = 300 };

static void *in_thread(void *seed)
{
    return churn_in_child((uintptr_t)seed) ? seed : NULL;
}

static void be_a_child(unsigned long number, unsigned times)
{
    alarm(CHILD_SECONDS);
    if (handlers_run[2] != times || handlers_failed != 0)
        _exit(2);
    if (!churn_in_child(number + 1))
        _exit(3);
    pthread_t thread;
    void *fine = NULL;
    if (number % 8 == 0 && (pthread_create(&thread, NULL, in_thread, (void *)(number + 2)) ||
                            pthread_join(thread, &fine) || !fine))
        _exit(4);
    if (number % 4 == 0)
        exit(0);
    _exit(0);
}

static void forks_with_handlers(unsigned long forks, unsigned long threads, unsigned times)
{
    unsigned long clean = 0;
    unsigned before = handlers_run[0];
    churn_begin(threads);
    for (unsigned long i = 0; i < forks && clean == i; i++) {
        pid_t pid = fork();
        if (pid == 0)
            be_a_child(i, times);
        clean += child_wait_clean(pid, CHILD_SECONDS);
    }
    churn_end();
    promise(clean == forks, "%lu threads churn, %lu of %lu children ended clean", threads, clean,
            forks);
    promise(handlers_run[0] - before == forks * times && handlers_run[1] == handlers_run[0] &&
                handlers_run[2] == 0 && handlers_failed == 0,
            "%u handlers ran before a fork, %u after, %u allocations failed", handlers_run[0],
            handlers_run[1], handlers_failed);
}

int main(int argc, char **argv)
{
    unsigned long forks = argument_or(argc, argv, 1, 50), threads = argument_or(argc, argv, 2, 3);
    under_hakmem();
    alarm(WATCHDOG_SECONDS);
    note("handlers registered before the allocator's");
    forks_with_handlers(forks, 0, 1);
    forks_with_handlers(forks, threads, 1);
    register_handlers();
    note("and after it");
    forks_with_handlers(forks, threads, 2);
    return promises_end();
}
