/* SPDX-License-Identifier: MIT */
/* From what was measured to PASS or FAIL, with the reasons. */
#ifndef ANALYSIS_HEALTH_JUDGE_H
#define ANALYSIS_HEALTH_JUDGE_H

#include "report/health_model.h"

/* A profile whose rounds have all been run; or it stays unknown. */
void health_judge_profile(const struct health_report *report, struct health_profile *profile);

/* Of all profiles: FAIL where one failed, PASS where all passed. */
void health_judge(struct health_report *report);

#endif
