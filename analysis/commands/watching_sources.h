/* SPDX-License-Identifier: MIT */
/* The part of a run's report that says where the time went. */
#ifndef ANALYSIS_WATCHING_SOURCES_H
#define ANALYSIS_WATCHING_SOURCES_H

#include "watching_report.h"

extern const char *const watching_factor_names[HAK_FACTOR_END];

void watching_sources_fill(struct report *report, const struct watching_facts *facts);

#endif
