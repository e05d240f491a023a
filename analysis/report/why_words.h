/* SPDX-License-Identifier: MIT */
/* What a report of `why` comes to, in plain words. */
#ifndef ANALYSIS_WHY_WORDS_H
#define ANALYSIS_WHY_WORDS_H

#include "terminal.h"
#include "why_model.h"

enum { WHY_CELL = 48 };

/* A cost with about three digits that tell, or "-"; of a difference without its sign. */
const char *why_cost_text(double value, char text[WHY_CELL]);

/* "[low, high]", or nothing where it is not known. `times` -1 turns it around. */
const char *why_range_text(const struct interval *range, double times, char text[WHY_CELL]);

/* How much one needs more or less than the other, what makes it up, and what is left. */
void why_print_words(const struct why_report *report, const struct terminal *terminal);

#endif
