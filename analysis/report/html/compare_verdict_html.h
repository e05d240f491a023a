/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_COMPARE_VERDICT_HTML_H
#define ANALYSIS_COMPARE_VERDICT_HTML_H

#include "compare_parts_html.h"

/* Who is best, by how much, and who can't be told from the first: a sentence. */
void compare_verdict(const struct compare_report *report, char text[HTML_WORDS_BYTES]);

#endif
