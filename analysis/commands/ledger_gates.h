/* SPDX-License-Identifier: MIT */
/* The document's three gates, each open or shut with the evidence, and the verdict in words. */
#ifndef ANALYSIS_LEDGER_GATES_H
#define ANALYSIS_LEDGER_GATES_H

#include "report/ablate_model.h"

/* The ledger's rows are there. */
void ledger_gates_fill(struct ablate_report *report);

#endif
