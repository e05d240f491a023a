/* SPDX-License-Identifier: MIT */
/* The sections of run_html.h, in the order of the page. Each leaves itself out where there is
 * nothing to show. */
#ifndef ANALYSIS_RUN_HTML_PARTS_H
#define ANALYSIS_RUN_HTML_PARTS_H

#include "../model.h"
#include "html_page.h"

void run_html_time(struct html_page *page, const struct report *report);
void run_html_callers(struct html_page *page, const struct report *report);
void run_html_code(struct html_page *page, const struct report *report);
void run_html_steps(struct html_page *page, const struct report *report);
void run_html_memory(struct html_page *page, const struct report *report);
void run_html_heap(struct html_page *page, const struct report *report);
void run_html_sizes(struct html_page *page, const struct report *report);
void run_html_slow_path(struct html_page *page, const struct report *report);
void run_html_counters(struct html_page *page, const struct report *report);
void run_html_totals(struct html_page *page, const struct report *report);
void run_html_closer(struct html_page *page, const struct report *report);
void run_html_watching(struct html_page *page, const struct report *report);
void run_html_notes(struct html_page *page, const struct report *report);

/* Of the slow path: how long the events of each kind took, side by side. */
void run_html_latencies(struct html_page *page, const struct report_slow_path *slow_path);

#endif
