/* SPDX-License-Identifier: MIT */
/* Of pages of annotated functions: what sources one has, and its instructions, in the order of its
 * code, below the lines of source they were written as. Where no call was stepped, counts are
 * dashes. */
#ifndef ANALYSIS_ANNOTATE_HTML_CODE_H
#define ANALYSIS_ANNOTATE_HTML_CODE_H

#include "../annotate_model.h"
#include "html_page.h"

void annotate_html_sources(struct html_page *page, const struct annotate_report *report,
                           const struct annotate_function *function);
void annotate_html_code(struct html_page *page, const struct annotate_report *report,
                        const struct annotate_function *function);

#endif
