/* SPDX-License-Identifier: MIT */
#include "spacing.h"

/* xorshift64*: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
 * scrambled", ACM Transactions on Mathematical Software 42 (2016), number 30. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

/* -ln(x / 2^53) for x of 1 to 2^53, to nine digits: the mathematics library would come along into
 * every program. With x = m 2^e, m from 1 to 2: ln m = 2 artanh((m - 1) / (m + 1)), as a series. */
static double negative_log(uint64_t x)
{
    int exponent = 63 - __builtin_clzll(x);
    double m = (double)x / (double)((uint64_t)1 << exponent), t = (m - 1) / (m + 1), power = t;
    double sum = 0;
    for (int i = 1; i < 20; i += 2) {
        sum += power / i;
        power *= t * t;
    }
    return (53 - exponent) * 0.69314718055994531 - 2 * sum;
}

int64_t spacing_draw(uint64_t *state, uint64_t mean)
{
    return (int64_t)((double)mean * negative_log((draw(state) >> 11) + 1));
}
