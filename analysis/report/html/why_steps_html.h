/* SPDX-License-Identifier: MIT */
/* The two sides of `why` beside each other: time by part, instructions by step, other figures. */
#ifndef ANALYSIS_WHY_STEPS_HTML_H
#define ANALYSIS_WHY_STEPS_HTML_H

#include "html_page.h"
#include "report/compare_short_name.h"
#include "report/why_model.h"

typedef const char why_side_names[WATERFALL_SIDES][COMPARE_SHORT_BYTES];

void why_html_parts(struct html_page *page, const struct why_report *report, why_side_names names);

/* Nothing where none were counted. */
void why_html_instructions(struct html_page *page, const struct why_report *report,
                           why_side_names names);

void why_html_figures(struct html_page *page, const struct why_report *report,
                      why_side_names names);

#endif
