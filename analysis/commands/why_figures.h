/* SPDX-License-Identifier: MIT */
/* What else the two of `why` were measured by: time, memory, page faults, the processor's
 * counters. Medians, and intervals of the rounds' differences. */
#ifndef ANALYSIS_WHY_FIGURES_H
#define ANALYSIS_WHY_FIGURES_H

#include "report/why_model.h"

/* From the runs that were not watched; operations must be known, if they are. */
void why_figures_fill(struct why_report *report);

#endif
