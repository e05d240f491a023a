/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TEXT_PARAGRAPH_H
#define ANALYSIS_TEXT_PARAGRAPH_H

#include "terminal.h"

/* Prints words that are broken at spaces where the terminal's line ends; every line but the first,
 * which begins at `column`, is indented by `indent`. Returns how many lines that were; NULL for
 * `terminal->stream` prints nothing and counts. */
int print_paragraph(const struct terminal *terminal, const char *words, int column, int indent);

#endif
