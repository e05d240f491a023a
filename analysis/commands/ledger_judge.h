/* SPDX-License-Identifier: MIT */
/* From an ablation and what was sampled and counted at its ends to the ledger and its verdicts. */
#ifndef ANALYSIS_LEDGER_JUDGE_H
#define ANALYSIS_LEDGER_JUDGE_H

#include "ledger_evidence.h"
#include "report/ablate_model.h"

/* `report` has its effects. Fills report->ledger. */
void ledger_judge(struct ablate_report *report, const struct ledger_evidence *modern,
                  const struct ledger_evidence *far);

#endif
