/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of sampling, without the mathematics library, which would come along into every
 * program. Random numbers are for sampling alone: who sees enough of them can tell the next.
 */
#ifndef HAK_SAMPLE_MATH_H
#define HAK_SAMPLE_MATH_H

#include <stdint.h>

/* xorshift64*: S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
 * scrambled", ACM Transactions on Mathematical Software 42 (2016), number 30. */
static inline uint64_t hak_sample_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

/* -ln(x / 2^53) for x of 1 to 2^53, less than 1e-6 off. With x = m 2^e, m from 1 to 2:
 * ln m = 2 artanh((m - 1) / (m + 1)), as a series. */
static inline double hak_negative_log(uint64_t x)
{
    int exponent = 63 - __builtin_clzll(x);
    uint64_t one = (uint64_t)1 << exponent;
    double t = (double)(x - one) / ((double)x + (double)one), t2 = t * t, series = 1.0 / 11;
    series = series * t2 + 1.0 / 9;
    series = series * t2 + 1.0 / 7;
    series = series * t2 + 1.0 / 5;
    series = series * t2 + 1.0 / 3;
    return (53 - exponent) * 0.69314718055994531 - 2 * t * (series * t2 + 1);
}

/* Bytes to the next point, distributed exponentially: with this mean. */
static inline double hak_sample_spacing(uint64_t *state, uint64_t mean)
{
    return (double)mean * hak_negative_log((hak_sample_random(state) >> 11) + 1);
}

/* 1 - exp(-x) for x >= 0, to nine digits: the series where x is small, and
 * 1 - e^-2x = (1 - e^-x) (2 - (1 - e^-x)). */
static inline double hak_sample_chance(double x)
{
    int doublings = 0;
    if (x > 40)
        return 1;
    for (; x > 0.125; doublings++)
        x /= 2;
    double chance = x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6)))));
    while (doublings-- > 0)
        chance *= 2 - chance;
    return chance;
}

#endif
