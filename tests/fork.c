/* SPDX-License-Identifier: MIT */
/*
 * fork while other threads churn: the child allocates and ends, always. Also from an atfork
 * handler, by a grandchild, by vfork and posix_spawn, and with threads made in the child.
 *
 *     fork [forks] [threads]
 */
#include "support/child.h"
#include "support/churn.h"
#include "support/process.h"
#include "support/promise.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 20, WATCHDOG_SECONDS = 600 };

extern char **environ;
static void *from_prepare, *from_parent, *from_child;

static void use_malloc(uint64_t seed)
{
    if (!churn_in_child(seed))
        _exit(3);
}

static void *use_malloc_in_thread(void *argument)
{
    use_malloc((uintptr_t)argument);
    return NULL;
}

static void child_body(unsigned number)
{
    alarm(CHILD_SECONDS);
    use_malloc(number + 1);
    if (number % 16 == 1) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, use_malloc_in_thread, (void *)(uintptr_t)(number + 7)))
            _exit(4);
        pthread_join(thread, NULL);
    }
    if (number % 16 == 2) {
        pid_t grandchild = fork();
        if (grandchild == 0) {
            use_malloc(number + 3);
            _exit(0);
        }
        if (!child_wait_clean(grandchild, CHILD_SECONDS))
            _exit(5);
    }
    if (number % 16 == 3)
        exit(0); /* destructors and all */
    _exit(0);
}

static void forks_while_churning(unsigned long forks, unsigned long threads)
{
    churn_begin(threads);
    unsigned long clean = 0;
    for (unsigned long i = 0; i < forks; i++) {
        pid_t pid = fork();
        if (pid == 0)
            child_body((unsigned)i);
        bool fine = child_wait_clean(pid, CHILD_SECONDS);
        clean += fine;
        if (!fine && i - clean < 3)
            note("fork %lu did not end clean", i);
        if (i + 1 - clean >= 3)
            break;
    }
    churn_end();
    promise(clean == forks, "%lu threads churn, %lu of %lu children allocated and ended", threads,
            clean, forks);
}

static void allocate_in_prepare(void)
{
    free(from_prepare);
    from_prepare = malloc(5000);
}

static void allocate_in_parent(void)
{
    free(from_parent);
    from_parent = malloc(300);
    free(from_prepare);
    from_prepare = NULL;
}

static void allocate_in_child(void)
{
    free(from_child);
    from_child = malloc(100000);
    free(from_prepare);
    from_prepare = NULL;
}

static char *const true_program[] = {"/bin/true", NULL};

static pid_t vfork_and_exec(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execv(true_program[0], true_program);
        _exit(127);
    }
    return pid;
}

static void spawns(void)
{
    unsigned spawned = 0, vforked = 0;
    for (int i = 0; i < 50; i++) {
        pid_t pid = 0;
        if (posix_spawn(&pid, true_program[0], NULL, NULL, true_program, environ) == 0)
            spawned += child_wait_clean(pid, CHILD_SECONDS);
        vforked += child_wait_clean(vfork_and_exec(), CHILD_SECONDS);
    }
    promise(spawned == 50, "posix_spawn: %u of 50", spawned);
    promise(vforked == 50, "vfork and exec: %u of 50", vforked);
    FILE *pipe = popen("echo hello", "r");
    char line[32] = "";
    promise(pipe && fgets(line, sizeof line, pipe) && strcmp(line, "hello\n") == 0 &&
                pclose(pipe) == 0,
            "popen");
}

/* A deep line of children, each with the blocks of all before it. */
static void generations(void *argument)
{
    unsigned left = *(unsigned *)argument;
    void *mine = malloc(1000);
    use_malloc(left + 1);
    if (left > 0) {
        unsigned next = left - 1;
        pid_t pid = fork();
        if (pid == 0) {
            generations(&next);
            free(mine);
            _exit(0);
        }
        if (!child_wait_clean(pid, CHILD_SECONDS))
            _exit(6);
    }
    free(mine);
}

int main(int argc, char **argv)
{
    unsigned long forks = argument_or(argc, argv, 1, 1000), threads = argument_or(argc, argv, 2, 4);
    unsigned depth = 20;
    under_hakmem();
    alarm(WATCHDOG_SECONDS);
    forks_while_churning(forks, threads);
    spawns();
    struct child_end end = child_run(generations, &depth, 60);
    promise(end.exit_status == 0, "%u generations of children: %s", depth, child_describe(&end));
    pthread_atfork(allocate_in_prepare, allocate_in_parent, allocate_in_child);
    note("the same with atfork handlers that allocate and free");
    forks_while_churning(forks / 4, threads);
    return promises_end();
}
