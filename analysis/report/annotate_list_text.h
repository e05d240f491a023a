/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ANNOTATE_LIST_TEXT_H
#define ANALYSIS_ANNOTATE_LIST_TEXT_H

#include "annotate_model.h"
#include "terminal.h"

/* The hottest functions: a table. */
void annotate_print_list(const struct annotate_report *report, const struct terminal *terminal);

/* "12.3 %" in seven columns, of a part of the samples; "-" where there are none at all. */
void annotate_print_share(const struct annotate_samples *part, const struct annotate_samples *whole,
                          const struct terminal *terminal);

/* At most `columns` of text that somebody else wrote, and blanks up to there with `fill`. */
void annotate_print_cut(const char *text, int columns, bool fill, const struct terminal *terminal);

#endif
