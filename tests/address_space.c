/* SPDX-License-Identifier: MIT */
/*
 * Under a limit on address space a program starts, is refused with ENOMEM when it asks for too
 * much, and goes on after it frees. Also under overcommit_memory=2, where the machine is set so or
 * `address_space overcommit` (root) sets it for a moment.
 */
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { POINTERS = 1 << 20 };

extern char **environ;
static const char *self;

static int say(const char *what, size_t number)
{
    printf("%s %zu", what, number);
    fflush(stdout);
    return 1;
}

/* Takes blocks until it is refused; the bytes it got, or 0 if the refusal is not right. */
static size_t take_until_refused(void **blocks, size_t *count, size_t size)
{
    *count = 0;
    for (;;) {
        errno = 0;
        char *p = malloc(size);
        if (!p)
            return errno == ENOMEM ? *count * size : 0;
        memset(p, 1, size < 4096 ? size : 4096);
        blocks[(*count)++] = p;
        if (*count == POINTERS)
            return *count * size;
    }
}

/* Runs inside the limit, in a fresh program: the start of the allocator is part of the test. */
static int live_within(size_t limit_mb)
{
    static const size_t sizes[] = {100000, 500, 4000, 3 << 20, 30000};
    void **blocks = mmap(NULL, POINTERS * sizeof *blocks, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (blocks == MAP_FAILED)
        return say("no room for the test's own table", 0);
    size_t first = 0, count;
    for (int round = 0; round < 10; round++) {
        size_t size = sizes[round % 5];
        size_t got = take_until_refused(blocks, &count, size);
        if (got == 0)
            return say("wrong refusal at size", size);
        if (round == 0)
            first = got;
        if (count < POINTERS && got < first / 2)
            return say("after frees, half is gone: size", size);
        if (malloc(1ul << 40) || errno != ENOMEM)
            return say("a tebibyte was given", 0);
        for (size_t i = 0; i < count; i++)
            free(blocks[i]);
        void *p = malloc(1 << 20);
        if (!p)
            return say("no recovery after frees: size", size);
        free(p);
    }
    say("MiB usable:", first >> 20);
    return first < (limit_mb << 20) / 4;
}

static void within_address_space(size_t megabytes)
{
    char number[32];
    snprintf(number, sizeof number, "%zu", megabytes);
    char *const arguments[] = {(char *)self, "within", number, NULL};
    struct rlimit old, limit = {megabytes << 20, megabytes << 20};
    getrlimit(RLIMIT_AS, &old);
    limit.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
    struct child_end end = child_start(arguments, environ, 60);
    setrlimit(RLIMIT_AS, &old);
    promise(end.exit_status == 0, "RLIMIT_AS %zu MiB: starts, ENOMEM, recovers: %s", megabytes,
            child_describe(&end));
}

static bool write_overcommit(char value)
{
    int fd = open("/proc/sys/vm/overcommit_memory", O_WRONLY);
    bool written = fd >= 0 && write(fd, &value, 1) == 1;
    close(fd);
    return written;
}

static char read_overcommit(void)
{
    char value = '?';
    int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
    ssize_t n = read(fd, &value, 1);
    close(fd);
    return n == 1 ? value : '?';
}

static char overcommit_before;

static void restore_overcommit(int signal)
{
    write_overcommit(overcommit_before);
    if (signal)
        _exit(128 + signal);
}

/* The setting is the machine's, so it is put back on every way out. */
static int under_strict_overcommit(void)
{
    /* Two of these at a time would take each other's setting for the machine's. */
    int machine = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
    flock(machine, LOCK_EX);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGSEGV, SIGABRT};
    overcommit_before = read_overcommit();
    for (int i = 0; i < 6; i++)
        signal(signals[i], restore_overcommit);
    alarm(60);
    if (overcommit_before != '2' && !write_overcommit('2')) {
        note("skipped: overcommit_memory can't be set here");
        return TEST_SKIPPED;
    }
    char *const arguments[] = {(char *)self, "start", NULL};
    struct child_end end = child_start(arguments, environ, 20);
    restore_overcommit(0);
    promise(end.exit_status == 0, "overcommit_memory=2: a program starts and allocates: %s",
            child_describe(&end));
    return promises_end();
}

/* A start alone: 64 MiB of blocks. */
static int start(void)
{
    static char *p[1024];
    for (int i = 0; i < 1024; i++) {
        p[i] = malloc(65536);
        if (!p[i])
            return say("refused block", (size_t)i);
        memset(p[i], 1, 65536);
    }
    for (int i = 0; i < 1024; i++)
        free(p[i]);
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t megabytes[] = {64, 256, 512};
    self = "/proc/self/exe";
    if (argc == 3 && strcmp(argv[1], "within") == 0)
        return live_within(strtoul(argv[2], NULL, 10));
    if (argc == 2 && strcmp(argv[1], "start") == 0)
        return start();
    under_hakmem();
    if (argc == 2 && strcmp(argv[1], "overcommit") == 0)
        return under_strict_overcommit();
    for (int i = 0; i < 3; i++)
        within_address_space(megabytes[i]);
    return promises_end();
}
