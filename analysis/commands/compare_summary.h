/* SPDX-License-Identifier: MIT */
/* From the runs of a comparison to the figures of its report. */
#ifndef ANALYSIS_COMPARE_SUMMARY_H
#define ANALYSIS_COMPARE_SUMMARY_H

#include "report/compare_model.h"

/* Without memory the figures stay unknown. */
void compare_summary_fill(struct compare_report *report);

#endif
