/* SPDX-License-Identifier: MIT */
/*
 * Programs that mean harm to whoever watches them, by the first argument. Each prints "runs".
 *
 *     changes MS    renames its threads to what terminals obey, maps and unmaps code of files that
 *                   are called like that, forks, and executes itself
 *     plants        puts what is no counter file into the folder of the counters
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "seed_counters.h"

enum { EVIL_NAMES = 3 };

static const char *const evil[EVIL_NAMES] = {"\033]0;x\007", "\033[2J\n\001\302\233m",
                                             "\r\b\b\b%n%s"};

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static void run(void)
{
    puts("runs");
    fflush(stdout);
}

static void work(double ms, void (*step)(unsigned))
{
    double end = now_ms() + ms;
    for (unsigned round = 0; now_ms() < end; round++) {
        free(malloc(100 + round % 1000));
        for (volatile int i = 0; i < 20000; i++)
            continue;
        step(round);
    }
}

static char file_names[EVIL_NAMES][256];

static void copy_self(const char *folder)
{
    static char bytes[1 << 20];
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    ssize_t got = from < 0 ? -1 : read(from, bytes, sizeof bytes);
    for (int i = 0; i < EVIL_NAMES && got > 0; i++) {
        snprintf(file_names[i], sizeof file_names[i], "%s/lib%s.so", folder, evil[i]);
        int to = open(file_names[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
        if (to < 0 || write(to, bytes, (size_t)got) != got)
            perror(file_names[i]);
        close(to);
    }
    close(from);
}

/* Code comes and goes, some of it of a file that is cut while it is mapped. */
static void change(unsigned round)
{
    const char *name = file_names[round % EVIL_NAMES];
    prctl(PR_SET_NAME, evil[round % EVIL_NAMES]);
    int file = open(name, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *code = mmap(NULL, 1 << 20, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    if (round % 5 == 0 && ftruncate(file, (off_t)(round % 8192)) != 0)
        perror("ftruncate");
    mprotect(code, 4096, PROT_READ);
    if (round % 3)
        munmap(code, 1 << 20);
    close(file);
    if (round % 200 == 0) {
        pid_t child = fork();
        if (child == 0) {
            char *const arguments[] = {"/proc/self/exe", "\033[31mchild\007", NULL};
            execv(arguments[0], arguments);
            _exit(1);
        }
        waitpid(child, NULL, 0);
    }
}

static void *rename_for_ever(void *unused)
{
    for (unsigned i = 0;; i++) {
        prctl(PR_SET_NAME, evil[i % EVIL_NAMES]);
        usleep(1000);
    }
    return NULL;
}

static void put_file(const char *folder, const char *name, const void *bytes, size_t count,
                     off_t length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, bytes, count) != (ssize_t)count || ftruncate(file, length) != 0)
        perror(path);
    close(file);
}

static int plant(void)
{
    const char *folder = getenv("HAKMEM_COUNTERS_DIR");
    struct hak_counter_header header = seed_counter_header(65536);
    char path[512];
    if (!folder)
        return 3;
    header.page_capacity = header.page_count;
    put_file(folder, "100.0.counters", &header, sizeof header, (off_t)1 << 40); /* nearly no disk */
    put_file(folder, "101.0.counters", &header, sizeof header, sizeof header);
    put_file(folder, "102.0.counters", "none", 4, 4);
    put_file(folder, "\033[2J.counters", "none", 4, 4);
    snprintf(path, sizeof path, "%s/103.0.counters", folder);
    if (symlink("/etc/passwd", path) != 0)
        perror(path);
    snprintf(path, sizeof path, "%s/104.0.counters", folder);
    if (mkfifo(path, 0600) != 0)
        perror(path);
    snprintf(path, sizeof path, "%s/105.0.counters", folder);
    if (mkdir(path, 0700) != 0)
        perror(path);
    snprintf(path, sizeof path, "%s/106.0.counters", folder);
    if (geteuid() == 0 && mknod(path, S_IFCHR | 0600, makedev(1, 5)) != 0 && errno != EPERM)
        perror(path);
    snprintf(path, sizeof path, "%s/107.0.counters", folder);
    if (symlink(path, path) != 0)
        perror(path);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    pthread_t thread;
    char folder[] = "/tmp/hakmem-hostile-XXXXXX";
    if (strcmp(what, "plants") == 0) {
        run();
        return plant();
    }
    if (strcmp(what, "changes") == 0 && argc > 2) {
        if (!mkdtemp(folder))
            return 1;
        copy_self(folder);
        pthread_create(&thread, NULL, rename_for_ever, NULL);
        run();
        work(atof(argv[2]), change);
        for (int i = 0; i < EVIL_NAMES; i++)
            unlink(file_names[i]);
        rmdir(folder);
    }
    return 0;
}
