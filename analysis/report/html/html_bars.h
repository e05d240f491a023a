/* SPDX-License-Identifier: MIT */
/* Bars: one below the other, stacked to a whole, and upright as a histogram. */
#ifndef ANALYSIS_HTML_BARS_H
#define ANALYSIS_HTML_BARS_H

#include <stddef.h>

#include "html_page.h"
#include "svg_axis.h"

/* A bar, or a part of a stacked one. */
struct html_bar {
    const char *name;
    const char *class;       /* html_colour.h */
    double value, low, high; /* NAN bounds: without an interval */
    char shown[64];          /* the figure beside it; may be empty */
    char tip[256];           /* what the mark says when pointed at: a whole phrase with its name */
};

/* One below the other: the name and the figure above the bar, the interval as a whisker on it.
 * From 0 to what is greatest, which may be below 0, too; `axis` NULL: without one. */
void html_bar_rows(struct html_page *page, const char *title, const char *description,
                   const struct html_bar *bars, size_t count, const struct svg_axis *axis);

/* A row of a stacked picture. */
struct html_stack {
    const char *name;  /* above it, at the left */
    const char *shown; /* above it, at the right: the sum; or NULL */
    const struct html_bar *parts;
    size_t count;
};

/* Rows of parts beside each other. The picture is as wide as `whole`, or as the longest row where
 * that is longer (0: as the longest). Names stand in parts that have room. */
void html_stacks(struct html_page *page, const char *title, const char *description,
                 const struct html_stack *stacks, size_t count, double whole);

/* Upright: columns side by side, as high as the value. `name` of each is below it where there is
 * room. `logarithmic`: heights are logarithms, from 1 (0 has no column). `axis` is of the heights.
 */
void html_histogram(struct html_page *page, const char *title, const char *description,
                    const struct html_bar *bars, size_t count, bool logarithmic,
                    const struct svg_axis *axis);

#endif
