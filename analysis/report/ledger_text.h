/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_LEDGER_TEXT_H
#define ANALYSIS_LEDGER_TEXT_H

#include "ledger_model.h"
#include "terminal.h"

/* Nothing where no ledger was made. */
void ledger_print_text(const struct ledger *ledger, const struct terminal *terminal);

#endif
