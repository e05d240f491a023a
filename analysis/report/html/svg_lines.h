/* SPDX-License-Identifier: MIT */
/* Lines over something that grows by factors: both axes are logarithmic where they can be. */
#ifndef ANALYSIS_SVG_LINES_H
#define ANALYSIS_SVG_LINES_H

#include <stddef.h>

#include "html_page.h"
#include "svg_axis.h"

struct lines_series {
    char name[64];
    const char *class;
    const double *values; /* one for each place; NAN: a gap */
};

struct lines {
    const double *places; /* ascending */
    size_t place_count;
    const struct lines_series *series;
    size_t series_count;
    const char *x_name, *unit; /* in the marks' words */
    struct svg_axis across, down;
};

void svg_lines(struct html_page *page, const char *title, const char *description,
               const struct lines *lines);

#endif
