/* SPDX-License-Identifier: MIT */
/* A moment laid out on a grid: every section at once, or one of them alone with all the place. */
#ifndef ANALYSIS_TOP_PAGE_H
#define ANALYSIS_TOP_PAGE_H

#include "top_grid.h"
#include "top_model.h"

enum top_section {
    TOP_ALL,
    TOP_SOURCES_ALONE,
    TOP_CLASSES_ALONE,
    TOP_EVENTS_ALONE,
    TOP_THREADS_ALONE,
    TOP_NOTES_ALONE,
    TOP_SECTIONS
};

/* What the user chose. */
struct top_view {
    enum top_section section;
    enum top_order order;
    bool paused;
    bool keys; /* name them in the last line */
};

enum {
    TOP_PAGE_COLUMNS = 80, /* from this width on, sections stand side by side */
    TOP_PAGE_ROWS = 24,
};

/* `moment`: NULL before the first. The grid has its size already and is blank. */
void top_page(struct top_grid *grid, const struct top_target *target,
              const struct top_moment *moment, const struct top_history *history,
              const struct top_view *view);

#endif
