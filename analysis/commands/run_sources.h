/* SPDX-License-Identifier: MIT */
/* The part of a run's report that says where the time went. */
#ifndef ANALYSIS_RUN_SOURCES_H
#define ANALYSIS_RUN_SOURCES_H

#include "run_report.h"

extern const char *const run_factor_names[HAK_FACTOR_END];

void run_sources_fill(struct report *report, const struct run_facts *facts);

#endif
