/* SPDX-License-Identifier: MIT */
/*
 * Random numbers for choices of a few bits, several of them in every malloc and free: a linear
 * congruential generator of 64 bits for each thread, of which the upper half is used, begun anew
 * from the kernel whenever a thread gets a heap and in a forked child. Not for secrets: who sees
 * enough choices can tell the next ones.
 */
#ifndef HAK_CHOICES_H
#define HAK_CHOICES_H

#include <stdint.h>

#include "compiler.h"

extern HAK_HIDDEN __thread uint64_t hak_random_state __attribute__((tls_model("initial-exec")));

void hak_random_start(void);

/* Multiplier: Steele, Vigna: Computationally easy, spectrally good multipliers for congruential
 * pseudorandom number generators, 2021, table 4. */
static inline uint32_t hak_random(void)
{
    uint64_t state = hak_random_state * 0xd1342543de82ef95u + 1;
    hak_random_state = state;
    return (uint32_t)(state >> 32);
}

/* From 0 to below `bound`. */
static inline uint32_t hak_random_below(uint32_t bound)
{
    return (uint32_t)((uint64_t)hak_random() * bound >> 32);
}

#endif
