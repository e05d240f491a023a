/* SPDX-License-Identifier: MIT */
/*
 * Figures of calls from a weighted sample of them. A sum over all calls is estimated by the sum of
 * the samples' values times their weights w = 1 / p; the variance of that by the sum of
 * (1 - p) (w x)^2, as calls are sampled independently of each other (D. G. Horvitz, D. J. Thompson;
 * see follow_layout.h). Shares are of such sums; their intervals are Wilson's for as many samples
 * of equal weight as have the same precision, (sum w)^2 / sum w^2 (L. Kish, "Survey Sampling",
 * Wiley, 1965, section 8.2).
 */
#ifndef ANALYSIS_CALLERS_MEASURE_H
#define ANALYSIS_CALLERS_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "callers_tally.h"

/* Calls of the thread within which a block's life is called brief. */
enum { CALLERS_BRIEF_CALLS = 16 };

/* The report's figures of all calls. */
void callers_measure_all(const struct callers_call *calls, size_t count,
                         struct callers_report *report);

/* Of one path, beside the report's sums. False: no memory. */
bool callers_measure_calls(const struct callers_call *calls, size_t count,
                           const struct callers_report *report, struct callers_path *path);

#endif
