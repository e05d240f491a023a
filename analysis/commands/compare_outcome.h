/* SPDX-License-Identifier: MIT */
/* What one run of the command came to: one more run of its row, or the failure of the row. */
#ifndef ANALYSIS_COMPARE_OUTCOME_H
#define ANALYSIS_COMPARE_OUTCOME_H

#include "compare_options.h"
#include "compare_process.h"
#include "report/compare_model.h"

/* `run` says which one it was; the rest is filled in. */
void compare_outcome_note(const struct compare_options *options,
                          const struct compare_process *process, const struct compare_end *end,
                          struct compare_run run, struct compare_row *row);

#endif
