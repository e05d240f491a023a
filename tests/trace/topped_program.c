/* SPDX-License-Identifier: MIT */
/*
 * What top watches in its tests: does nothing until it is told, line by line, on standard input.
 *
 *   work N    N times malloc(100) and free
 *   hold N    N blocks of 1000 bytes, kept
 *   spin MS   malloc(100) and free for so many milliseconds of processor time
 *   abort     dies by SIGABRT
 *
 * Answers each with how many operations it did. No C library function that might allocate is used.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void touch(void *block)
{
    *(volatile char *)block = 1;
}

static uint64_t work(uint64_t pairs)
{
    for (uint64_t i = 0; i < pairs; i++) {
        void *block = malloc(100);
        touch(block);
        free(block);
    }
    return 2 * pairs;
}

static uint64_t hold(uint64_t blocks)
{
    for (uint64_t i = 0; i < blocks; i++)
        touch(malloc(1000));
    return blocks;
}

static uint64_t spin(uint64_t milliseconds)
{
    uint64_t operations = 0;
    for (double end = cpu_seconds() + 1e-3 * (double)milliseconds; cpu_seconds() < end;)
        operations += work(10000);
    return operations;
}

static uint64_t obey(const char *line)
{
    const char *number = strchr(line, ' ');
    uint64_t value = number ? strtoull(number, NULL, 10) : 0;
    if (strncmp(line, "work", 4) == 0)
        return work(value);
    if (strncmp(line, "hold", 4) == 0)
        return hold(value);
    if (strncmp(line, "spin", 4) == 0)
        return spin(value);
    abort();
}

static void *idle(void *nothing)
{
    pthread_setname_np(pthread_self(), "idle-one");
    pause(); /* until the process ends */
    return nothing;
}

int main(void)
{
    char line[64], answer[32];
    pthread_t thread;
    if (pthread_create(&thread, NULL, idle, NULL) != 0)
        return 1;
    for (ssize_t got; (got = read(STDIN_FILENO, line, sizeof line - 1)) > 0;) {
        line[got] = '\0';
        int length = snprintf(answer, sizeof answer, "%llu\n", (unsigned long long)obey(line));
        if (write(STDOUT_FILENO, answer, (size_t)length) != length)
            return 1;
    }
    return 0;
}
