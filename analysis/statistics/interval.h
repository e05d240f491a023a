/* SPDX-License-Identifier: MIT */
/* How far a share that was counted in samples, or the median of a few figures, may be from the true
 * one. */
#ifndef ANALYSIS_INTERVAL_H
#define ANALYSIS_INTERVAL_H

#include <stddef.h>

struct interval {
    double low, high;
};

#define INTERVAL_95  1.959963984540054 /* standard normal quantile at 97.5 % */
#define INTERVAL_999 3.290526731491926 /* at 99.95 % */

/* The standard normal quantile of a central interval of so much: INTERVAL_95 for 0.95. */
double interval_quantile(double level);

/* Student's quantile of a central interval of 95 %: from tables, then by the expansion 26.7.5 of M.
 * Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, which is 0.1 % off at 5 and
 * better beyond. At least one degree. */
double interval_student(size_t degrees);

/*
 * Wilson's score interval of a binomial share: `share` of `samples` independent samples, `quantile`
 * of the standard normal distribution. It stays within 0..1 and is sound for few samples and for
 * shares of 0 and 1.
 *
 * E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
 * the American Statistical Association 22 (1927), pages 209-212; chosen over the textbook interval
 * after L. D. Brown, T. T. Cai, A. DasGupta, "Interval Estimation for a Binomial Proportion",
 * Statistical Science 16 (2001), pages 101-133.
 */
struct interval interval_of_share(double share, double samples, double quantile);

/* Of a sum that is normally distributed about the estimate, with this variance; of what is not
 * negative. */
struct interval interval_of_sum(double sum, double variance, double quantile);

/*
 * An interval that covers the median of any distribution with at least `level`: from one of the
 * sorted figures to another. NAN where even their whole range, which covers it with 1 - 2^(1 -
 * count), falls short; at most 1000 figures.
 *
 * W. J. Conover, "Practical Nonparametric Statistics", Wiley, 1999, section 3.2.
 */
struct interval interval_of_median(const double *sorted, size_t count, double level);

#endif
