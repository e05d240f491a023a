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
