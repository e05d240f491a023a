/* SPDX-License-Identifier: MIT */
/* What was seen of the slow paths, to the model of the report. */
#ifndef ANALYSIS_WATCHING_SLOW_PATH_H
#define ANALYSIS_WATCHING_SLOW_PATH_H

#include "watching_report.h"

/* The report points to lines of the facts' slow_path, and holds a list that lasts as long as it
 * does. */
void watching_slow_path_fill(struct report *report, const struct watching_facts *facts);

/* Says in one line on stderr, before the program starts, what watching every call costs: `ns` for
 * each. */
void announce_every_call(double ns);

#endif
