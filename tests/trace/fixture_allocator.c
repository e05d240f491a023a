/* SPDX-License-Identifier: MIT */
/* Stands for an allocator: code of known cost in a library that hakmem-trace preloads. */
#include <stdint.h>

#include "known_share.h"

uint64_t fixture_allocator_work(uint64_t steps)
{
    uint64_t state = 1;
    for (uint64_t i = 0; i < steps; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        __asm__ volatile("" : "+r"(state));
    }
    return state;
}
