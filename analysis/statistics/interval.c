/* SPDX-License-Identifier: MIT */
#include "interval.h"

#include <math.h>

struct interval interval_of_share(double share, double samples, double quantile)
{
    if (!(samples > 0))
        return (struct interval){0, 1};
    double z2 = quantile * quantile;
    double scale = 1 + z2 / samples;
    double middle = (share + z2 / (2 * samples)) / scale;
    double half =
        quantile / scale * sqrt(share * (1 - share) / samples + z2 / (4 * samples * samples));
    /* At the ends the bound is exact; the difference of two rounded numbers is not. */
    return (struct interval){share > 0 ? fmax(0, middle - half) : 0,
                             share < 1 ? fmin(1, middle + half) : 1};
}

double interval_student(size_t degrees)
{
    static const double first[] = {NAN, 12.7062, 4.3027, 3.1824, 2.7764};
    double x = INTERVAL_95, x2 = x * x, n = (double)degrees;
    if (degrees < sizeof first / sizeof first[0])
        return first[degrees];
    return x * (1 + (x2 + 1) / (4 * n) + (5 * x2 * x2 + 16 * x2 + 3) / (96 * n * n) +
                (3 * x2 * x2 * x2 + 19 * x2 * x2 + 17 * x2 - 15) / (384 * n * n * n));
}

struct interval interval_of_sum(double sum, double variance, double quantile)
{
    double half = quantile * sqrt(variance);
    return (struct interval){fmax(0, sum - half), sum + half};
}

/* By bisection: erf rises, and 64 halvings leave nothing to be found. */
double interval_quantile(double level)
{
    double low = 0, high = 40;
    for (int i = 0; i < 64; i++) {
        double middle = (low + high) / 2;
        if (erf(middle / sqrt(2)) < level)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Each figure is below the median with a chance of one half, so the number of those below is
 * binomial: the interval leaves out as many at each end as that chance allows. */
struct interval interval_of_median(const double *sorted, size_t count, double level)
{
    double chance = exp2(-(double)count), below = chance;
    size_t left_out = 0;
    if (!count || 2 * chance > 1 - level)
        return (struct interval){NAN, NAN};
    for (;;) {
        chance *= (double)(count - left_out) / (double)(left_out + 1);
        below += chance;
        if (2 * below > 1 - level)
            return (struct interval){sorted[left_out], sorted[count - 1 - left_out]};
        left_out++;
    }
}
