/* SPDX-License-Identifier: MIT */
/* The sections of a page, each in a rectangle of it. */
#ifndef ANALYSIS_TOP_SECTIONS_H
#define ANALYSIS_TOP_SECTIONS_H

#include "top_grid.h"
#include "top_model.h"

/* Operations, malloc's share and memory, each with those before; and the process. Five rows. */
enum { TOP_OVERVIEW_ROWS = 5 };
void top_draw_overview(const struct top_area *area, const struct top_moment *moment,
                       const struct top_history *history);

void top_draw_sources(const struct top_area *area, const struct top_target *target,
                      const struct top_moment *moment);
void top_draw_classes(const struct top_area *area, const struct top_moment *moment,
                      enum top_order order);
void top_draw_events(const struct top_area *area, const struct top_target *target,
                     const struct top_moment *moment);
void top_draw_threads(const struct top_area *area, const struct top_moment *moment);
void top_draw_notes(const struct top_area *area, const struct top_target *target);

#endif
