/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_CALLERS_ADVICE_TEXT_H
#define ANALYSIS_CALLERS_ADVICE_TEXT_H

#include "callers_model.h"

struct terminal;

enum { CALLERS_WORDS = 600 };

/* One advice as a sentence, and what its path makes up of the whole. */
void callers_say_advice(const struct callers_advice *advice, const struct callers_path *path,
                        char words[CALLERS_WORDS]);
void callers_say_cost(const struct callers_advice *advice, const struct callers_path *path,
                      char words[CALLERS_WORDS]);

/* Each advice with its figures and how sure it is, or why there is none. */
void callers_print_advice(const struct callers_report *report, const struct terminal *terminal);

#endif
