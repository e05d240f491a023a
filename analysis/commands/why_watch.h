/* SPDX-License-Identifier: MIT */
/* A run of `why` that is watched: this program runs itself as `run` on the command. */
#ifndef ANALYSIS_WHY_WATCH_H
#define ANALYSIS_WHY_WATCH_H

#include "why_measure.h"

/* On the allocator `name`; `run` as of compare_outcome_of_run. A failure is in `row`, whose runs do
 * not change; without one `watched` is filled in. 0, or the exit code after one line on stderr. */
int why_watch(struct why_measure *measure, char *const *command, char *name, struct compare_run run,
              struct compare_row *row, struct why_run *watched);

#endif
