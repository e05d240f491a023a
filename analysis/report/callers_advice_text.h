/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_CALLERS_ADVICE_TEXT_H
#define ANALYSIS_CALLERS_ADVICE_TEXT_H

#include "callers_model.h"

struct terminal;

/* Each advice with its figures and how sure it is, or why there is none. */
void callers_print_advice(const struct callers_report *report, const struct terminal *terminal);

#endif
