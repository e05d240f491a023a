/* SPDX-License-Identifier: MIT */
/* The three estimates of a factor, from what was sampled and counted at both ends and its effect.
 */
#ifndef ANALYSIS_LEDGER_ESTIMATES_H
#define ANALYSIS_LEDGER_ESTIMATES_H

#include "ledger_evidence.h"
#include "report/ablate_model.h"

/* Both ends, and how sure intervals shall be. */
struct ledger_sides {
    const struct ledger_evidence *modern, *far;
    double quantile;
};

struct ledger_end ledger_end_of(const struct ledger_evidence *evidence);

/* ns an operation in the factor's own code: of the far end less that of the modern end. */
struct ledger_estimate ledger_moved_time(const struct ledger_sides *sides, size_t factor);

/* Fills in the row of a factor (enum hak_factor): what was hoped for, and the estimates. */
void ledger_estimate(struct ledger_row *row, size_t factor, const struct ledger_sides *sides,
                     const struct ablate_effect *effect);

#endif
