/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_DOCTOR_TIER_H
#define ANALYSIS_DOCTOR_TIER_H

#include "report/doctor_model.h"

/* Fills in the tier: opens what `run` would, by the same functions, for a process that waits, and
 * takes it away again. Takes some 200 ms. */
void doctor_tier_find(struct doctor_report *report);

#endif
