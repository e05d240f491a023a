/* SPDX-License-Identifier: MIT */
/* Inputs made of others: bits turned over, integers that are interesting, parts cut, doubled,
 * moved, and taken from another input. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include <stddef.h>
#include <stdint.h>

struct mutant {
    uint8_t *bytes;
    size_t count, capacity;
};

/* Changes it in one to eight places, within its capacity. `other` may be the input that it was
 * made of. The same `random` gives the same mutant. */
void mutate(struct mutant *mutant, const uint8_t *other, size_t other_count, uint64_t *random);

/* The next number of the sequence. */
uint64_t mutate_random(uint64_t *random);

#endif
