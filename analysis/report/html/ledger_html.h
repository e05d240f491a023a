/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_LEDGER_HTML_H
#define ANALYSIS_LEDGER_HTML_H

#include "html_page.h"
#include "report/ledger_model.h"

/* What was hoped for beside what was measured, the gates, the two ends. Nothing of a ledger that
 * was not made. `words`: what else its verdict says. */
void ledger_html(struct html_page *page, const struct ledger *ledger, const char *words);

#endif
