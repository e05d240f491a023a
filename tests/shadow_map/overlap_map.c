/* SPDX-License-Identifier: MIT */
#include "overlap_map.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    GRANULE_SHIFT = 4,
    WORD_SHIFT = GRANULE_SHIFT + 6, /* 1 KiB a word of bits */
    PART_SHIFT = 30,
    PARTS = 1 << (48 - PART_SHIFT),
    PART_WORDS = 1 << (PART_SHIFT - WORD_SHIFT),
};

typedef _Atomic(uint64_t) word_of_bits;

static _Atomic(word_of_bits *) parts[PARTS];

static word_of_bits *part_of(uintptr_t address)
{
    _Atomic(word_of_bits *) *place = &parts[address >> PART_SHIFT];
    word_of_bits *part = atomic_load(place), *fresh;
    if (part)
        return part;
    fresh = mmap(NULL, PART_WORDS * sizeof *fresh, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fresh == MAP_FAILED) {
        perror("shadow_map: no memory for the map");
        exit(1);
    }
    if (atomic_compare_exchange_strong(place, &part, fresh))
        return fresh;
    munmap(fresh, PART_WORDS * sizeof *fresh); /* another thread was first */
    return part;
}

/* Sets or clears the bits of granules first ... last; stops at the first that was not as expected.
 */
static bool change(const void *block, size_t bytes, bool set, const void **at)
{
    uintptr_t granule = (uintptr_t)block >> GRANULE_SHIFT,
              end = (((uintptr_t)block + bytes - 1) >> GRANULE_SHIFT) + 1;
    while (granule < end) {
        uintptr_t bit = granule & 63, count = end - granule < 64 - bit ? end - granule : 64 - bit,
                  address = granule << GRANULE_SHIFT;
        uint64_t mask = (count == 64 ? UINT64_MAX : ((UINT64_C(1) << count) - 1)) << bit;
        word_of_bits *word = &part_of(address)[address >> WORD_SHIFT & (PART_WORDS - 1)];
        uint64_t before = set ? atomic_fetch_or(word, mask) : atomic_fetch_and(word, ~mask);
        uint64_t wrong = mask & (set ? before : ~before);
        if (wrong != 0) {
            granule = (granule & ~(uintptr_t)63) + (uintptr_t)__builtin_ctzll(wrong);
            *at = (const char *)block + ((granule << GRANULE_SHIFT) - (uintptr_t)block);
            return false;
        }
        granule += count;
    }
    return true;
}

bool overlap_claim(const void *block, size_t bytes, const void **at)
{
    return bytes == 0 || change(block, bytes, true, at);
}

bool overlap_disclaim(const void *block, size_t bytes, const void **at)
{
    return bytes == 0 || change(block, bytes, false, at);
}
