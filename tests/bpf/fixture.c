/* SPDX-License-Identifier: MIT */
/*
 * A program with hakmem's probes that fires known numbers of them.
 *
 *     fixture known     what slow_path.c (the test) expects, counted in fixture.h
 *     fixture exec      the same, up to a second program in the same process: few probes, no arena
 *     fixture busy N    N refills as fast as they go
 *     fixture calls N   N times malloc, free and realloc, likewise
 *     fixture running   tells its arena on stdout, waits for a byte of stdin, then makes faults and
 * refills
 */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os_syscall.h"

static const size_t page = 4096;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1000000000ull * (uint64_t)now.tv_sec + (uint64_t)now.tv_nsec;
}

/* One site for the refill probes, called by all modes. */
static void __attribute__((noinline)) refill(uint64_t class, uint64_t ns)
{
    DTRACE_PROBE1(hakmem, refill_begin, class);
    for (uint64_t start = now_ns(); ns && now_ns() - start < ns;)
        ;
    DTRACE_PROBE3(hakmem, refill_end, class, 4, 1);
}

static void nested(void)
{
    DTRACE_PROBE1(hakmem, overflow_begin, 3);
    DTRACE_PROBE1(hakmem, arena_take_begin, 1);
    DTRACE_PROBE2(hakmem, arena_take_end, 0x1000, 1);
    DTRACE_PROBE3(hakmem, overflow_end, 3, 4, 1);
}

static void purge(void)
{
    DTRACE_PROBE2(hakmem, purge_begin, 0x1000, FIXTURE_PURGE_BYTES);
    DTRACE_PROBE2(hakmem, purge_end, 0x1000, FIXTURE_PURGE_BYTES);
}

static void *collect(void *unused)
{
    for (int i = 0; i < FIXTURE_COLLECTS; i++) {
        DTRACE_PROBE1(hakmem, remote_collect_begin, 1);
        DTRACE_PROBE2(hakmem, remote_collect_end, 1, FIXTURE_FOUND);
    }
    return unused;
}

static void publish(uint64_t blocks, int times)
{
    while (times--)
        DTRACE_PROBE3(hakmem, remote_publish, 1, 2, blocks);
}

static void touch(char *bytes, size_t pages)
{
    for (size_t i = 0; i < pages; i++)
        *(volatile char *)(bytes + i * page) = 1;
}

static char *map(size_t pages)
{
    char *bytes =
        mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        _exit(90);
    madvise(bytes, pages * page, MADV_NOHUGEPAGE);
    return bytes;
}

static void read_into(char *bytes)
{
    int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    for (size_t i = 0; i < FIXTURE_READ_PAGES; i++)
        if (read(zero, bytes + i * page, 1) != 1)
            _exit(91);
    close(zero);
}

static void wait_for_lock(bool asleep)
{
    DTRACE_PROBE1(hakmem, lock_wait_begin, 0x2000);
    if (asleep)
        usleep(FIXTURE_SLEEP_US);
    DTRACE_PROBE1(hakmem, lock_wait_end, 0x2000);
}

/* The library's calls are made by its own code, as here by the fixture's; the program's by libc. */
static void call_kernel(char *arena, char *other)
{
    for (int i = 0; i < FIXTURE_MADVISES_OF_ARENA; i++)
        os_syscall(SYS_madvise, (long)arena, (long)page, MADV_NORMAL, 0, 0, 0);
    for (int i = 0; i < FIXTURE_MADVISES_OF_LIBRARY; i++)
        os_syscall(SYS_madvise, (long)other, (long)page, MADV_NORMAL, 0, 0, 0);
    for (int i = 0; i < FIXTURE_MREMAPS_OF_PROGRAM; i++)
        if (mremap(other, page, page, 0) != other)
            _exit(97);
    for (int i = 0; i < FIXTURE_MAPS; i++) {
        long map = os_syscall(SYS_mmap, 0, (long)page, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        os_syscall(SYS_mprotect, map, (long)page, PROT_READ, 0, 0, 0);
        os_syscall(SYS_mremap, map, (long)page, (long)page, 0, 0, 0);
        os_syscall(SYS_munmap, map, (long)page, 0, 0, 0, 0);
    }
}

static void fault(void)
{
    char *arena = map(FIXTURE_PAGES + FIXTURE_READ_PAGES), *other = map(FIXTURE_OTHER_PAGES);
    DTRACE_PROBE2(hakmem, arena_reserve, arena, (FIXTURE_PAGES + FIXTURE_READ_PAGES) * page);
    touch(arena, FIXTURE_PAGES);
    touch(other, FIXTURE_OTHER_PAGES);
    read_into(arena + FIXTURE_PAGES * page);
    call_kernel(arena, other);

    pid_t child = fork();
    if (child == 0) { /* the range is inherited, and so are the probes */
        touch(arena, FIXTURE_CHILD_PAGES);
        for (int i = 0; i < FIXTURE_PURGES; i++)
            purge();
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void known(void)
{
    for (int i = 0; i < FIXTURE_REFILLS; i++)
        refill(i < FIXTURE_REFILLS_OF_7 ? 7 : 3, FIXTURE_REFILL_NS);
    for (int i = 0; i < FIXTURE_OVERFLOWS; i++)
        nested();
    publish(1, FIXTURE_PUBLISHES_OF_1);
    publish(63, FIXTURE_PUBLISHES_OF_63);
    publish(64, FIXTURE_PUBLISHES_OF_64);

    pthread_t threads[FIXTURE_THREADS];
    for (int i = 0; i < FIXTURE_THREADS; i++)
        if (pthread_create(&threads[i], NULL, collect, NULL) != 0)
            _exit(92);
    for (int i = 0; i < FIXTURE_THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < FIXTURE_WAITS; i++)
        wait_for_lock(i < FIXTURE_SLEEPS);
    fault();
}

/* After exec: faults at the addresses of the arena of before are not the arena's. */
static void after_exec(void)
{
    for (int i = 0; i < FIXTURE_PURGES_AFTER_EXEC; i++)
        purge();
    touch(map(FIXTURE_OTHER_PAGES), FIXTURE_OTHER_PAGES);
}

/* Nothing is allocated: it is the probes that tell. */
static void call(long times)
{
    for (long i = 0; i < times; i++) {
        uint64_t size = 100 + (uint64_t)i % FIXTURE_SIZES;
        DTRACE_PROBE2(hakmem, malloc, 0x3000, size);
        DTRACE_PROBE3(hakmem, realloc, 0x3000, 0x4000, size);
        DTRACE_PROBE1(hakmem, free, 0x4000);
    }
}

static int run_later(void)
{
    char *arena = map(FIXTURE_PAGES), byte;
    uint64_t range[2] = {(uint64_t)(uintptr_t)arena,
                         (uint64_t)(uintptr_t)(arena + FIXTURE_PAGES * page)};
    DTRACE_PROBE2(hakmem, arena_reserve, arena, FIXTURE_PAGES * page);
    if (write(STDOUT_FILENO, range, sizeof range) != (ssize_t)sizeof range ||
        read(STDIN_FILENO, &byte, 1) != 1)
        return 96;
    touch(arena, FIXTURE_PAGES);
    for (int i = 0; i < FIXTURE_REFILLS; i++)
        refill(3, 0);
    return 0;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "known") == 0) {
        known();
    } else if (strcmp(mode, "exec") == 0) {
        known();
        execl("/proc/self/exe", "fixture", "after_exec", NULL);
        return 93;
    } else if (strcmp(mode, "after_exec") == 0) {
        after_exec();
    } else if (strcmp(mode, "busy") == 0 && argc > 2) {
        for (long i = strtol(argv[2], NULL, 10); i > 0; i--)
            refill(3, 0);
    } else if (strcmp(mode, "calls") == 0 && argc > 2) {
        call(strtol(argv[2], NULL, 10));
    } else if (strcmp(mode, "running") == 0) {
        return run_later();
    } else {
        return 2;
    }
    return 0;
}
