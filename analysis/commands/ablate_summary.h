/* SPDX-License-Identifier: MIT */
/* From the complete rounds of an ablation to the figures of its report. */
#ifndef ANALYSIS_ABLATE_SUMMARY_H
#define ANALYSIS_ABLATE_SUMMARY_H

#include "report/ablate_model.h"

/* Is every factor's interval narrower than that: high by low, less 1? */
bool ablate_summary_is_precise(const struct ablate_report *report, double percent);

/* Without memory the figures stay unknown. */
void ablate_summary_fill(struct ablate_report *report);

#endif
