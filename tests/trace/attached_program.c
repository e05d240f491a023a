/* SPDX-License-Identifier: MIT */
/*
 * Programs that `hakmem-trace attach` is put on, by the first argument. Each prints "runs" once it
 * does; all but `vanishes` go on until they are killed.
 *
 *     works [THREADS]        allocates; SIGTERM: prints the longest time in ms between two readings
 *                            of the clock
 *     elsewhere              works in another thread than its first
 *     parent                 works in a child that it had before
 *     grows                  takes memory that it never had, 4 MB a second
 *     vanishes MS            allocates, and ends
 *     executes PROGRAM ...   allocates for three seconds and executes another program
 *     forks                  has children that allocate and end, one after the other, without end
 *     loads LIBRARY          loads and unloads it again and again
 *     named NAME             works, in a thread of that name
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static void stop(int signal)
{
    stopped = 1;
}

/* Allocates for so long and answers the longest gap. */
static double work(double ms)
{
    void *blocks[64] = {0};
    double begin = now_ms(), before = begin, longest = 0;
    for (unsigned i = 0; before - begin < ms && !stopped; i++) {
        free(blocks[i % 64]);
        blocks[i % 64] = malloc(16 + i % 500);
        double now = now_ms();
        longest = now - before > longest ? now - before : longest;
        before = now;
    }
    for (unsigned i = 0; i < 64; i++)
        free(blocks[i]);
    return longest;
}

static void *work_on(void *unused)
{
    work(1e9);
    return NULL;
}

static void run(void)
{
    puts("runs");
    fflush(stdout);
}

static int works(int threads)
{
    pthread_t thread;
    for (int i = 1; i < threads; i++)
        pthread_create(&thread, NULL, work_on, NULL);
    run();
    printf("longest gap %.3f ms\n", work(1e9));
    fflush(stdout);
    _exit(0);
}

static void elsewhere(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work_on, NULL);
    run();
    pthread_join(thread, NULL);
}

static void parent(void)
{
    if (fork() == 0) {
        work(1e9);
        _exit(0);
    }
    usleep(100000);
    run();
    for (;;)
        pause();
}

static void grows(void)
{
    run();
    for (;;) {
        char *block = malloc(40000);
        if (block)
            memset(block, 1, 40000);
        usleep(10000);
    }
}

static void forks(void)
{
    run();
    for (;;) {
        pid_t child = fork();
        if (child == 0) {
            work(1);
            _exit(0);
        }
        work(1);
        waitpid(child, NULL, 0);
    }
}

static int loads(const char *path)
{
    run();
    for (;;) {
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!library) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        work(30);
        dlclose(library);
        work(30);
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    signal(SIGTERM, stop);
    if (strcmp(what, "works") == 0)
        return works(argc > 2 ? atoi(argv[2]) : 1);
    if (strcmp(what, "elsewhere") == 0)
        elsewhere();
    if (strcmp(what, "parent") == 0)
        parent();
    if (strcmp(what, "grows") == 0)
        grows();
    if (strcmp(what, "forks") == 0)
        forks();
    if (argc < 3)
        return 2;
    if (strcmp(what, "loads") == 0)
        return loads(argv[2]);
    run();
    if (strcmp(what, "named") == 0) {
        prctl(PR_SET_NAME, argv[2]);
        work(1e9);
    } else if (strcmp(what, "vanishes") == 0) {
        work(atof(argv[2]));
    } else if (strcmp(what, "executes") == 0) {
        work(3000);
        execv(argv[2], argv + 2);
        return 1;
    }
    return 0;
}
