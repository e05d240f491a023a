/* SPDX-License-Identifier: MIT */
/* From the comparisons of a suite to its geometric means. */
#ifndef ANALYSIS_COMPARE_SUITE_MEANS_H
#define ANALYSIS_COMPARE_SUITE_MEANS_H

#include "report/compare_suite_model.h"

/* Without memory the means stay unknown. */
void suite_means_fill(struct suite_report *suite);

#endif
