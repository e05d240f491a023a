/* SPDX-License-Identifier: MIT */
/* What a test asks about its own process. Nothing here allocates. */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if malloc comes from libhakmem. Where the environment has HAKMEM_TEST_EXPECT and malloc
 * comes from elsewhere, the program ends with status 99: a preload that did not happen must not
 * look like a pass. */
bool under_hakmem(void);

/* Resident memory now, in KiB. */
size_t resident_kb(void);

double seconds_now(void);

/* Small fast generator; the state must not be 0. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return x * 0x2545f4914f6cdd1dull >> 11;
}

/* The number in argv[index], or `otherwise` if there is none. A bad number ends the program. */
unsigned long argument_or(int argc, char **argv, int index, unsigned long otherwise);

/* Hides a pointer or size from the compiler, so that it warns of nothing and removes nothing. */
static inline void *opaque(void *p)
{
    __asm__ volatile("" : "+r"(p));
    return p;
}

static inline size_t opaque_size(size_t n)
{
    __asm__ volatile("" : "+r"(n));
    return n;
}

#endif
