/* SPDX-License-Identifier: MIT */
/*
 * Small objects that threads write again and again. Where an allocator gives two threads parts of
 * one cache line, each write makes the other wait.
 *
 * Active: every thread allocates its own objects. Passive: the first objects come from one thread,
 * side by side; the others free them, and must not be given back their halves of the lines.
 */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, OBJECTS, WRITES, SIZE, PASSIVE, OPTIONS };

static uint64_t write_and_free(unsigned char *object, uint64_t writes, uint64_t random, size_t size)
{
    volatile unsigned char *place = object;
    *place = (unsigned char)random;
    for (uint64_t i = 0; i < writes; i++)
        *place = (unsigned char)(*place + i);
    uint64_t byte = *place + size;
    free(object);
    return byte;
}

static bool work(struct crew_member *member)
{
    const uint64_t *numbers = member->numbers;
    unsigned char **handed = member->shared;
    unsigned char *object = handed[member->index];
    handed[member->index] = NULL;
    for (uint64_t i = 0; i < numbers[OBJECTS]; i++) {
        if (!object && !(object = malloc(numbers[SIZE])))
            return false;
        member->checksum += write_and_free(object, numbers[WRITES], i, numbers[SIZE]);
        object = NULL;
    }
    member->operations = 2 * numbers[OBJECTS];
    return true;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    unsigned char *handed[CREW_MAX] = {NULL};
    bool done = true;
    for (uint64_t i = 0; numbers[PASSIVE] && i < numbers[THREADS]; i++) {
        handed[i] = malloc(numbers[SIZE]);
        done = done && handed[i];
    }
    done = done && crew_run(numbers[THREADS], work, numbers, handed, result);
    for (uint64_t i = 0; i < numbers[THREADS]; i++)
        free(handed[i]);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "false_sharing",
        .summary = "Threads write small objects again and again.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads", 1, CREW_MAX, 2},
                    [OBJECTS] = {"objects", "objects, a thread", 1, 1ull << 40, 1000000},
                    [WRITES] = {"writes", "to an object", 1, 1ull << 40, 100},
                    [SIZE] = {"size", "bytes of an object", 1, 4096, 8},
                    [PASSIVE] = {"passive", "1: one thread allocates the first objects", 0, 1, 0}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
