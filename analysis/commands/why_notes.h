/* SPDX-License-Identifier: MIT */
/* What is missing in a report of `why`, what that costs in insight, and what brings it. */
#ifndef ANALYSIS_WHY_NOTES_H
#define ANALYSIS_WHY_NOTES_H

#include "report/why_model.h"

/* When everything else is filled in. */
void why_notes_add(struct why_report *report);

#endif
