/* SPDX-License-Identifier: MIT */
/* From the runs of `why` to the figures of its report. */
#ifndef ANALYSIS_WHY_SUMMARY_H
#define ANALYSIS_WHY_SUMMARY_H

#include "report/why_model.h"

/* From all that was run and counted. False: memory is out. */
bool why_summary_fill(struct why_report *report);

/* The run that was not watched; NULL: none of that round. */
const struct compare_run *why_run_of(const struct why_report *report, int row, unsigned round);

/* By the intervals of the waterfall and of its control. */
enum why_verdict why_verdict_of(const struct waterfall *fall, const struct waterfall *control);

#endif
