/* SPDX-License-Identifier: MIT */
/* One run of the command, and what it came to: one more run of its row, or the failure of the row.
 */
#ifndef ANALYSIS_COMPARE_OUTCOME_H
#define ANALYSIS_COMPARE_OUTCOME_H

#include "compare_options.h"
#include "compare_process.h"
#include "report/compare_model.h"

/* `run` says which one it is and by how much the environment is made larger; the rest is filled in.
 * A run that a signal ends leaves no trace in its row. 0, or the exit code after one line on
 * stderr: nothing could be run. */
int compare_outcome_of_run(const struct compare_options *options, struct compare_process *process,
                           char *const *command, const char *preload, struct compare_run run,
                           struct compare_row *row);

#endif
