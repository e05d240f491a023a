/* SPDX-License-Identifier: MIT */
/* Call paths on a page: a flame graph and the table behind it. Of `callers`, and of `run`. */
#ifndef ANALYSIS_CALLERS_HTML_PATHS_H
#define ANALYSIS_CALLERS_HTML_PATHS_H

#include "../callers_model.h"
#include "html_page.h"

enum { CALLERS_PATH_WORDS = 2048 };

void callers_html_by_time(struct html_page *page, const struct callers_report *report);
void callers_html_by_bytes(struct html_page *page, const struct callers_report *report);

/* "malloc ← node_new (tree.c:12) ← insert ← main" */
void callers_html_say_path(const struct callers_path *path, char text[CALLERS_PATH_WORDS]);

#endif
