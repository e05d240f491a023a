/* SPDX-License-Identifier: MIT */
/*
 * The library is loaded into a program that runs already, in each way that dlopen has. It works
 * beside the program's malloc, or is refused with a reason; and when it is closed again, what it
 * was used by (threads that end, forks) still is in order.
 *
 *     late_load LIBRARY local|global|deepbind|namespace
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/promise.h"

static void *(*its_malloc)(size_t);
static void (*its_free)(void *);
static pthread_barrier_t used, closed;

static bool work(void)
{
    char *own, *its;
    for (size_t i = 1; i < 20000; i++) {
        own = malloc(i);
        its = its_malloc(i * 3);
        if (!own || !its)
            return false;
        memset(own, 1, i);
        memset(its, 2, i * 3);
        if (own[i - 1] != 1)
            return false;
        free(own);
        its_free(its);
    }
    return true;
}

/* Ends after the library was closed, and what it registered for that is called then. */
static void *use_and_outlive(void *unused)
{
    bool fine = work();
    pthread_barrier_wait(&used);
    pthread_barrier_wait(&closed);
    return fine ? unused : NULL;
}

static void *load(const char *path, const char *way)
{
    if (strcmp(way, "namespace") == 0)
        return dlmopen(LM_ID_NEWLM, path, RTLD_NOW | RTLD_LOCAL);
    return dlopen(path, RTLD_NOW | (strcmp(way, "global") == 0     ? RTLD_GLOBAL
                                    : strcmp(way, "deepbind") == 0 ? RTLD_LOCAL | RTLD_DEEPBIND
                                                                   : RTLD_LOCAL));
}

static void fork_and_work(void *unused)
{
    (void)unused;
    if (!work())
        _exit(1);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    void *result = NULL, *own = malloc(100);
    if (argc != 3)
        return 2;
    void *library = load(argv[1], argv[2]);
    if (!library) {
        const char *reason = dlerror();
        promise(reason && *reason, "%s: refused: %s", argv[2], reason ? reason : "(no reason)");
        return promises_end();
    }
    its_malloc = (void *(*)(size_t))dlsym(library, "malloc");
    its_free = (void (*)(void *))dlsym(library, "free");
    promise(its_malloc && its_malloc != malloc, "%s: loaded, with a malloc of its own", argv[2]);
    promise(work(), "both mallocs work beside each other");
    struct child_end end = child_run(fork_and_work, NULL, 20);
    promise(end.exit_status == 0, "in a child too: %s", child_describe(&end));
    pthread_barrier_init(&used, NULL, 2);
    pthread_barrier_init(&closed, NULL, 2);
    pthread_create(&thread, NULL, use_and_outlive, own);
    pthread_barrier_wait(&used);
    promise(dlclose(library) == 0, "closed again");
    pthread_barrier_wait(&closed);
    pthread_join(thread, &result);
    promise(result == own, "a thread that used it ends after that");
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    promise(child_wait_clean(pid, 20), "and the program forks");
    free(own);
    return promises_end();
}
