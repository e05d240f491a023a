/* SPDX-License-Identifier: MIT */
#include "bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

#define LEVEL 0.95

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

struct interval bootstrap_middle(double *resamples, double level)
{
    rounds_summarize(resamples, BOOTSTRAP_RESAMPLES);
    /* One tail's part of resamples + 1 places: 250 for 95 %, else rounded towards a wider one. */
    size_t tail = (size_t)((BOOTSTRAP_RESAMPLES + 1) * (1 - level) / 2 + 1e-6);
    tail = tail ? tail : 1;
    return (struct interval){resamples[tail - 1], resamples[BOOTSTRAP_RESAMPLES - tail]};
}

struct interval bootstrap_median(double *figures, size_t count, uint64_t seed)
{
    return bootstrap_median_at(figures, count, LEVEL, seed);
}

struct interval bootstrap_median_at(double *figures, size_t count, double level, uint64_t seed)
{
    struct interval interval = {NAN, NAN};
    struct rounds_random source = {seed};
    double *medians = malloc(BOOTSTRAP_RESAMPLES * sizeof *medians);
    uint32_t *times = count ? malloc(count * sizeof *times) : NULL;
    if (medians && times) {
        rounds_summarize(figures, count);
        for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
            medians[i] = resampled_median(figures, times, count, &source);
        interval = bootstrap_middle(medians, level);
    }
    free(times);
    free(medians);
    return interval;
}

static double resampled_mean(const struct bootstrap_set *sets, size_t count, uint32_t *times,
                             struct rounds_random *source)
{
    double logarithms = 0;
    for (size_t i = 0; i < count; i++)
        logarithms += log(resampled_median(sets[i].figures, times, sets[i].count, source));
    return exp(logarithms / (double)count);
}

struct interval bootstrap_geometric_mean(const struct bootstrap_set *sets, size_t count,
                                         uint64_t seed)
{
    struct interval interval = {NAN, NAN};
    struct rounds_random source = {seed};
    size_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        if (sets[i].count < BOOTSTRAP_COUNT_MIN)
            return interval;
        largest = sets[i].count > largest ? sets[i].count : largest;
    }
    double *means = malloc(BOOTSTRAP_RESAMPLES * sizeof *means);
    uint32_t *times = largest ? malloc(largest * sizeof *times) : NULL;
    if (means && times) {
        for (size_t i = 0; i < count; i++)
            rounds_summarize(sets[i].figures, sets[i].count);
        for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
            means[i] = resampled_mean(sets, count, times, &source);
        interval = bootstrap_middle(means, LEVEL);
    }
    free(times);
    free(means);
    return interval;
}
