/* SPDX-License-Identifier: MIT */
#include "mutate.h"

#include <stdbool.h>
#include <string.h>

/* xorshift64*: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
 * scrambled", 2016. */
uint64_t mutate_random(uint64_t *random)
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return *random * 0x2545f4914f6cdd1du;
}

/* Below `end`, which is above 0. */
static size_t below(uint64_t *random, size_t end)
{
    return (size_t)(mutate_random(random) % end);
}

/* Small lengths are as likely as great ones. */
static size_t some_length(uint64_t *random, size_t most)
{
    size_t bits = below(random, 17);
    size_t length = 1 + below(random, (size_t)1 << bits);
    return length < most ? length : most;
}

static void flip(struct mutant *mutant, uint64_t *random)
{
    size_t bit = below(random, 8 * mutant->count);
    mutant->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

static void set_byte(struct mutant *mutant, uint64_t *random)
{
    /* What text has a meaning by, what ends it, and what must not reach a terminal. */
    static const char meant[] = "\0\n\t :,@#%*?-/\\\"[]{}0919af\x1b\x7f\x9b\xc2\xff";
    size_t at = below(random, mutant->count);
    mutant->bytes[at] = below(random, 2) ? (uint8_t)mutate_random(random)
                                         : (uint8_t)meant[below(random, sizeof meant)];
}

static uint64_t interesting(uint64_t *random)
{
    uint64_t power = (uint64_t)1 << below(random, 64);
    switch (below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return UINT64_MAX - below(random, 17);
    case 2:
        return power;
    case 3:
        return power - 1 - below(random, 16);
    case 4:
        return power + below(random, 16);
    default:
        return below(random, 65);
    }
}

/* Numbers in files stand at multiples of their size, most often. */
static bool find_number(const struct mutant *mutant, uint64_t *random, size_t *at, size_t *bytes)
{
    *bytes = (size_t)1 << below(random, 4);
    if (mutant->count < *bytes)
        return false;
    *at = below(random, mutant->count - *bytes + 1);
    if (below(random, 4))
        *at -= *at % *bytes;
    return true;
}

static void set_number(struct mutant *mutant, uint64_t *random)
{
    size_t at, bytes;
    uint64_t number = interesting(random);
    if (find_number(mutant, random, &at, &bytes))
        memcpy(mutant->bytes + at, &number, bytes);
}

static void add_to_number(struct mutant *mutant, uint64_t *random)
{
    size_t at, bytes;
    uint64_t number = 0;
    if (!find_number(mutant, random, &at, &bytes))
        return;
    memcpy(&number, mutant->bytes + at, bytes);
    number += below(random, 65) - 32;
    memcpy(mutant->bytes + at, &number, bytes);
}

static void cut_end(struct mutant *mutant, uint64_t *random)
{
    mutant->count = below(random, mutant->count);
}

static void cut_out(struct mutant *mutant, uint64_t *random)
{
    size_t at = below(random, mutant->count), bytes = some_length(random, mutant->count - at);
    memmove(mutant->bytes + at, mutant->bytes + at + bytes, mutant->count - at - bytes);
    mutant->count -= bytes;
}

static void insert(struct mutant *mutant, size_t at, const uint8_t *part, size_t bytes)
{
    if (bytes > mutant->capacity - mutant->count)
        return;
    memmove(mutant->bytes + at + bytes, mutant->bytes + at, mutant->count - at);
    memmove(mutant->bytes + at, part, bytes);
    mutant->count += bytes;
}

static void insert_other(struct mutant *mutant, const uint8_t *other, size_t other_count,
                         uint64_t *random)
{
    if (!other_count)
        return;
    size_t from = below(random, other_count);
    insert(mutant, below(random, mutant->count + 1), other + from,
           some_length(random, other_count - from));
}

static void overwrite_with_other(struct mutant *mutant, const uint8_t *other, size_t other_count,
                                 uint64_t *random)
{
    size_t at = below(random, mutant->count);
    if (!other_count)
        return;
    size_t from = below(random, other_count), most = other_count - from;
    if (mutant->count - at < most)
        most = mutant->count - at;
    memmove(mutant->bytes + at, other + from, some_length(random, most));
}

static void fill(struct mutant *mutant, uint64_t *random)
{
    size_t at = below(random, mutant->count);
    memset(mutant->bytes + at, (int)(mutate_random(random) & 0xff),
           some_length(random, mutant->count - at));
}

void mutate(struct mutant *mutant, const uint8_t *other, size_t other_count, uint64_t *random)
{
    for (size_t left = 1 + below(random, 8); left; left--) {
        size_t kind = mutant->count ? below(random, 24) : 22;
        if (kind < 5)
            flip(mutant, random);
        else if (kind < 9)
            set_byte(mutant, random);
        else if (kind < 14)
            set_number(mutant, random);
        else if (kind < 16)
            add_to_number(mutant, random);
        else if (kind < 17)
            cut_end(mutant, random);
        else if (kind < 19)
            cut_out(mutant, random);
        else if (kind < 21)
            overwrite_with_other(mutant, other, other_count, random);
        else if (kind < 23)
            insert_other(mutant, other, other_count, random);
        else
            fill(mutant, random);
    }
}
