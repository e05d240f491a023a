/* SPDX-License-Identifier: MIT */
/* The arithmetic of sampling against the mathematics library, and the distribution of its gaps. */
#include <math.h>

#include "sample_math.h"
#include "support/promise.h"

enum { DRAWS = 200000 };

static void chances(void)
{
    double worst = 0;
    for (double x = 1e-9; x < 100; x *= 1.01) {
        double right = -expm1(-x);
        worst = fmax(worst, fabs(hak_sample_chance(x) - right) / right);
    }
    promise(worst < 1e-8, "1 - exp(-x) is right to eight digits: %g off at most", worst);
    promise(hak_sample_chance(0) == 0 && hak_sample_chance(1000) == 1, "at its ends, too");
    worst = 0;
    for (uint64_t x = 1; x <= (uint64_t)1 << 53; x = x * 5 / 4 + 1)
        worst = fmax(worst, fabs(hak_negative_log(x) + log(ldexp((double)x, -53))));
    promise(worst < 1e-6, "-ln(x / 2^53) is right to a millionth: %g off at most", worst);
}

/* Mallocs of `bytes` before a sampled one, as sample.c draws them: geometric with p, whose mean is
 * (1 - p) / p and whose variance (1 - p) / p^2; within five standard deviations of the mean's own.
 */
static void gaps(uint64_t interval, uint32_t bytes)
{
    static uint64_t state = 0x123456789abcdef1u;
    double sum = 0, p = hak_sample_chance((double)bytes / (double)interval);
    unsigned none = 0;
    for (int i = 0; i < DRAWS; i++) {
        uint64_t gap = (uint64_t)(hak_sample_spacing(&state, interval) / bytes);
        sum += (double)gap;
        none += gap == 0;
    }
    double mean = (1 - p) / p, deviation = sqrt(1 - p) / p / sqrt(DRAWS);
    promise(fabs(sum / DRAWS - mean) <= 5 * deviation + 1e-9,
            "%u bytes every %u: %g mallocs between two, %g expected", bytes, (unsigned)interval,
            sum / DRAWS, mean);
    promise(fabs((double)none / DRAWS - p) <= 5 * sqrt(p * (1 - p) / DRAWS) + 1e-9,
            "and %g are next, %g expected", (double)none / DRAWS, p);
}

int main(void)
{
    chances();
    gaps(4096, 16);
    gaps(4096, 4096);
    gaps(524288, 112);
    gaps(1, 16);
    gaps(65536, 32768);
    return promises_end();
}
