/* SPDX-License-Identifier: MIT */
/*
 * The shadow map under libFuzzer, and under AFL++ by the same functions. The allocator's sources
 * are built into the program with coverage, under un-interposed names: the fuzzer's own memory is
 * glibc's. Its arena is small, so that inputs can fill it.
 *
 * libFuzzer runs all inputs in one process, so what an input finds may need those before it. With
 * SHADOW_MAP_HISTORY=FILE all are written there, each behind its length; SHADOW_MAP_AGAIN=FILE runs
 * them again, and nothing else.
 */
#include "input.h"
#include "start.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static const rlim_t address_space = (rlim_t)256 << 20; /* half of it becomes the arena, bytes */

static int history = -1;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Before the allocator's own constructor, which lays out the arena: as much address space as the
 * process has now, and that on top. shadow_map_start lifts the limit. */
static __attribute__((constructor(101))) void begin_short_of_space(void)
{
    struct rlimit limit;
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm || fscanf(statm, "%lu", &pages) != 1 || getrlimit(RLIMIT_AS, &limit) != 0)
        abort();
    fclose(statm);
    limit.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + address_space;
    setrlimit(RLIMIT_AS, &limit);
}

static void run_again(const char *path)
{
    static uint8_t bytes[INPUT_BYTES_MAX];
    uint32_t length;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    while (read(file, &length, sizeof length) == (ssize_t)sizeof length && length <= sizeof bytes &&
           read(file, bytes, length) == (ssize_t)length)
        input_run(bytes, length);
    exit(0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *to = getenv("SHADOW_MAP_HISTORY"), *again = getenv("SHADOW_MAP_AGAIN");
    shadow_map_start();
    if (again)
        run_again(again);
    if (to)
        history = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    uint32_t head = (uint32_t)length;
    if (length > INPUT_BYTES_MAX)
        return 0;
    if (history >= 0 && (write(history, &head, sizeof head) != (ssize_t)sizeof head ||
                         write(history, bytes, length) != (ssize_t)length))
        abort();
    input_run(bytes, length);
    return 0;
}
