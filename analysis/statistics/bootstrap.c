/* SPDX-License-Identifier: MIT */
#include "bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

/* The figure at a place of the sorted resample, in which figures[i] stands times[i] times. */
static double at(const double *figures, const uint32_t *times, size_t place)
{
    size_t i = 0;
    for (size_t passed = times[0]; passed <= place; passed += times[i])
        i++;
    return figures[i];
}

static double resampled_median(const double *figures, uint32_t *times, size_t count,
                               struct rounds_random *source)
{
    memset(times, 0, count * sizeof *times);
    for (size_t i = 0; i < count; i++)
        times[rounds_below(source, count)]++;
    return (at(figures, times, (count - 1) / 2) + at(figures, times, count / 2)) / 2;
}

struct interval bootstrap_median(double *figures, size_t count, uint64_t seed)
{
    struct interval interval = {NAN, NAN};
    struct rounds_random source = {seed};
    double *medians = malloc(BOOTSTRAP_RESAMPLES * sizeof *medians);
    uint32_t *times = count ? malloc(count * sizeof *times) : NULL;
    if (medians && times) {
        rounds_summarize(figures, count);
        for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
            medians[i] = resampled_median(figures, times, count, &source);
        rounds_summarize(medians, BOOTSTRAP_RESAMPLES);
        /* One tail's part of resamples + 1 places: a whole number for 9999. */
        size_t tail = (BOOTSTRAP_RESAMPLES + 1) / 40;
        interval = (struct interval){medians[tail - 1], medians[BOOTSTRAP_RESAMPLES - tail]};
    }
    free(times);
    free(medians);
    return interval;
}
