/* SPDX-License-Identifier: MIT */
/*
 * Where operations come from: a generator's numbers or a fuzzer's bytes. A choice takes as few
 * bytes as it needs, so that a fuzzer that changes one byte changes one choice.
 */
#ifndef TESTS_CHOICES_H
#define TESTS_CHOICES_H

#include "support/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices {
    uint64_t state;       /* the generator's; 0: the bytes decide */
    const uint8_t *bytes; /* the fuzzer's */
    size_t left;          /* of these */
    uint64_t operations;  /* calls of the allocator that may still be made */
};

static inline struct choices choices_of_seed(uint64_t seed, uint64_t operations)
{
    return (struct choices){.state = seed * 2654435761u + 1, .operations = operations};
}

static inline struct choices choices_of_bytes(const uint8_t *bytes, size_t length,
                                              uint64_t operations)
{
    return (struct choices){.bytes = bytes, .left = length, .operations = operations};
}

static inline bool choices_left(const struct choices *from)
{
    return from->operations > 0 && (from->state != 0 || from->left > 0);
}

/* Notes that so many calls were made. */
static inline void choices_spend(struct choices *from, uint64_t operations)
{
    from->operations -= operations < from->operations ? operations : from->operations;
}

/* What takes as long as so many calls: a fuzzer's input that only asks for this ends sooner. */
static inline void choices_spend_dear(struct choices *from, uint64_t operations)
{
    if (from->state == 0)
        choices_spend(from, operations);
}

/* A number below `bound`, which is at most 2^32. Bytes that are missing count as 0. */
static inline uint64_t choose(struct choices *from, uint64_t bound)
{
    if (from->state != 0)
        return random_next(&from->state) % bound;
    uint64_t value = 0;
    for (uint64_t most = bound - 1; most > 0; most >>= 8) {
        value <<= 8;
        if (from->left > 0) {
            value |= *from->bytes++;
            from->left--;
        }
    }
    return value % bound;
}

/* What is dear: one time in `odds` of a generator's, every time that a fuzzer asks for it. */
static inline bool choose_rarely(struct choices *from, uint64_t odds)
{
    return from->state == 0 || choose(from, odds) == 0;
}

#endif
