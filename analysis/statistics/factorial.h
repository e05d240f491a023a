/* SPDX-License-Identifier: MIT */
/*
 * Experiments in which several factors of two levels, modern and far, are moved together, and what
 * each of them does.
 *
 * A cell is one combination, a bit for each factor at its far level. Of the values y of all cells,
 *
 *     effect of f       mean of y where f is far - mean of y where f is modern
 *     interaction f g   half of: the effect of f where g is far - its effect where g is modern
 *
 * Both are a sum of all values, each with the sign of its cell (the product of -1 for modern and +1
 * for far over the factors in question), divided by half the number of cells. With y the logarithm
 * of a cost, exp(effect) is the ratio of costs.
 *
 *     full   every cell
 *     half   every other cell: the last factor's sign is the product of the other signs. Whatever
 *            has an effect is mixed with what all other factors do together: with 5 factors an
 *            interaction of two with one of three, with fewer an interaction of two with another or
 *            with a factor, so that is refused
 *     one    the two ends, and from each of them one factor moved. Each factor has two effects,
 * from the modern end and from the far end, and no interaction is known; where the two differ there
 * is one
 *
 * D. C. Montgomery, "Design and Analysis of Experiments", Wiley, 2017, chapters 6 and 8; G. E. P.
 * Box, J. S. Hunter, W. G. Hunter, "Statistics for Experimenters", Wiley, 2005, chapters 5 and 6.
 */
#ifndef ANALYSIS_FACTORIAL_H
#define ANALYSIS_FACTORIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "interval.h"

enum {
    FACTORIAL_FACTORS_MAX = 6,
    FACTORIAL_HALF_MIN = 5,
    FACTORIAL_CELLS_MAX = 1 << FACTORIAL_FACTORS_MAX,
    FACTORIAL_TERMS_MAX = 21 /* six factors and their fifteen pairs */
};

enum factorial_design { FACTORIAL_FULL, FACTORIAL_HALF, FACTORIAL_ONE };

enum factorial_place {
    FACTORIAL_AVERAGE,     /* over the levels of the other factors */
    FACTORIAL_FROM_MODERN, /* where the others are modern */
    FACTORIAL_FROM_FAR,    /* where the others are far */
};

struct factorial_term {
    unsigned factors; /* one bit: its effect; two: their interaction */
    enum factorial_place place;
};

struct factorial {
    enum factorial_design design;
    size_t factor_count;
    unsigned cells[FACTORIAL_CELLS_MAX]; /* bit f: factor f is far */
    size_t cell_count;
    struct factorial_term terms[FACTORIAL_TERMS_MAX]; /* single factors first */
    size_t term_count;
};

/* 2 to FACTORIAL_FACTORS_MAX factors; for half at least FACTORIAL_HALF_MIN. */
void factorial_make(struct factorial *factorial, enum factorial_design design, size_t factors);

bool factorial_is_single(const struct factorial_term *term);

/* Of a value for each cell. */
double factorial_effect(const struct factorial *factorial, const struct factorial_term *term,
                        const double *values);

/* The mean over the cells that a single factor's effect starts from: those where it is modern. */
double factorial_base(const struct factorial *factorial, const struct factorial_term *term,
                      const double *values);

/*
 * How far an effect may be from none by what is random in each cell and stays the same in all
 * rounds: the layout of its code. Intervals say nothing of it. What it does shows, on the scale of
 * an effect,
 *
 *     in the difference of two cells that are alike but for layout, times the root of 2/N: an
 * effect has 4/N of the variance of one of the N cells, such a difference has 2 of `full`, in what
 * three and more factors seem to do together, which mostly is nothing else
 *
 * The threshold is Student's quantile times the root of their mean square: of effects that are
 * nothing but layout, one in twenty is beyond.
 */
enum { FACTORIAL_ERRORS_MAX = 42 }; /* of six factors, sets of three and more */

/* Those sets; returns how many. */
size_t factorial_errors(const struct factorial *factorial,
                        struct factorial_term terms[FACTORIAL_ERRORS_MAX]);

/* The root of 2/N; of `one`, whose effects are such differences themselves, 1. */
double factorial_scale(const struct factorial *factorial);

/* NAN of none. */
double factorial_threshold(const double *errors, size_t count);

/* The level of each of so many intervals that all hold together with 95 % (Bonferroni). */
double factorial_level(size_t intervals);

/* The fewest rounds whose range covers their median with that level: 1 - 2^(1 - rounds). */
unsigned factorial_rounds_needed(double level);

/*
 * The interval of the median of so many rounds' effects: the percentile bootstrap's, or where that
 * is wider, interval_of_median's. Far out in the tails the bootstrap of few rounds promises too
 * much: its 15 intervals of 99.67 % from 10 rounds of normal noise all hold in about 80 of 100
 * experiments, not in 95. Sorts the effects. NAN for fewer than factorial_rounds_needed, and
 * without memory.
 */
struct interval factorial_interval(double *effects, size_t rounds, double level, uint64_t seed);

#endif
