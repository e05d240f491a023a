/* SPDX-License-Identifier: MIT */
/* How far the median of a few rounds may be from the true one. */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "interval.h"

/* Below that the whole range of the figures covers the median with less than 95 %. */
enum { BOOTSTRAP_COUNT_MIN = 6, BOOTSTRAP_RESAMPLES = 9999 };

/*
 * The 95 % percentile interval of the median: as many figures as there are, drawn from them with
 * replacement, have a median; this again and again; the interval is what the middle 95 % of those
 * medians span. It assumes nothing about how the figures are distributed. The same seed gives the
 * same interval. Sorts the figures. NAN for none, and without memory.
 *
 * B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall, 1993, chapter 13.
 */
struct interval bootstrap_median(double *figures, size_t count, uint64_t seed);

/* The same at another level than 0.95. */
struct interval bootstrap_median_at(double *figures, size_t count, double level, uint64_t seed);

/* What the middle `level` of BOOTSTRAP_RESAMPLES figures spans, of whatever was computed from each
 * resample. Sorts them. */
struct interval bootstrap_middle(double *resamples, double level);

/* The figures of one of several things, and how many they are. */
struct bootstrap_set {
    double *figures;
    size_t count;
};

/* The same for the geometric mean of the sets' medians: each set is drawn from on its own. Sorts
 * each. NAN where a set has fewer than BOOTSTRAP_COUNT_MIN, for no sets, and without memory. */
struct interval bootstrap_geometric_mean(const struct bootstrap_set *sets, size_t count,
                                         uint64_t seed);

#endif
