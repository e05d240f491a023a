/* SPDX-License-Identifier: MIT */
/* Rounds in a random order that a seed repeats, and what the figures of many rounds come to. */
#ifndef ANALYSIS_ROUNDS_H
#define ANALYSIS_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The generator SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014, pages 453-472.
 */
struct rounds_random {
    uint64_t state; /* the seed at first */
};

uint64_t rounds_next(struct rounds_random *source);

/* 0 to limit - 1, each as likely as the others. */
uint64_t rounds_below(struct rounds_random *source, uint64_t limit);

/* Every order as likely as the others (Fisher and Yates). */
void rounds_shuffle(struct rounds_random *source, size_t *order, size_t count);

/* NAN where there is nothing to tell: all of no figures, the last two of a single one. */
struct rounds_summary {
    double mean, median, min, max;
    double stdev; /* of a sample: divided by count - 1 */
    double cv;    /* stdev by mean */
};

/* Sorts the figures. */
struct rounds_summary rounds_summarize(double *figures, size_t count);

#endif
