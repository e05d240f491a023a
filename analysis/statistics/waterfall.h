/* SPDX-License-Identifier: MIT */
/*
 * From what one program costs on A to what it costs on B, part by part.
 *
 * A round has for each of the two: the cost as measured with nobody watching, the cost of a run
 * that was watched, and by which parts that one went, as shares that add up to 1. Over the rounds,
 *
 *     cost of A           the median of A's
 *     cost of B           that, and the median of the rounds' differences B - A
 *     share of a part     the mean of the rounds' shares
 *     part of a cost      its share times the cost of the watched runs
 *
 * so that parts add up to the watched cost, and their differences to the watched difference, to the
 * last digit. Medians of the parts' own differences would not add up, and of parts that get few
 * samples they would be too small: what has none in most runs has a median of nothing. The medians
 * of costs are there for what disturbs a whole run.
 *
 *     unexplained         the measured difference less what the parts add up to
 *     known               what the parts but those that are not known add up to
 *
 * Every interval is the 95 % percentile interval of the same rounds, drawn anew together
 * (bootstrap.h): what the two have in common in a round cancels out in it. Parts that few samples
 * tell of vary from round to round as the samples do, so the intervals hold that, too. Of means of
 * few rounds it is too narrow, which is made good by a wider level, that of n rounds at the normal
 * quantile sqrt(n/(n-1)) times Student's: T. C. Hesterberg, "What Teachers Should Know About the
 * Bootstrap", The American Statistician 69 (2015), pages 371-386, "expanded percentile".
 */
#ifndef ANALYSIS_WATERFALL_H
#define ANALYSIS_WATERFALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "interval.h"

enum { WATERFALL_PARTS_MAX = 24, WATERFALL_A = 0, WATERFALL_B = 1, WATERFALL_SIDES = 2 };

struct waterfall_round {
    double measured[WATERFALL_SIDES], watched[WATERFALL_SIDES];
    double shares[WATERFALL_SIDES][WATERFALL_PARTS_MAX];
};

struct waterfall_value {
    double of[WATERFALL_SIDES]; /* NAN: means nothing of one side alone */
    double difference;          /* B - A */
    struct interval range;      /* of the difference; NAN below BOOTSTRAP_COUNT_MIN rounds */
};

struct waterfall {
    size_t rounds;
    struct waterfall_value measured, sum, known, unexplained;
    struct waterfall_value parts[WATERFALL_PARTS_MAX];
    double explained; /* of the measured difference by what is known: 1 is all of it, and as much as
                         is missing or too much is taken off; NAN: there is no difference */
    struct interval explained_range; /* NAN where the measured difference's interval holds 0 */
};

/* Where a round's figure is NAN the round must be left out before. `unknown`: the part that is not
 * known, or SIZE_MAX. False: memory is out. Everything is NAN of no rounds. */
bool waterfall_make(const struct waterfall_round *rounds, size_t count, size_t parts,
                    size_t unknown, uint64_t seed, struct waterfall *waterfall);

#endif
