/* SPDX-License-Identifier: MIT */
/* Scales: from a figure to its place, and the marks of an axis. */
#ifndef ANALYSIS_SVG_AXIS_H
#define ANALYSIS_SVG_AXIS_H

#include "svg.h"

enum { SVG_TICKS_MAX = 12 };

/* `low` is at `from`, `high` at `to`: per cent across, or pixels down (then from > to, mostly).
 * `logarithmic`: both are above 0. */
struct svg_scale {
    double low, high;
    bool logarithmic;
    double from, to;
};

/* Held within the scale; `from` where the value is NAN. */
double svg_place(const struct svg_scale *scale, double value);

/* Widens the scale to round values: linear to ticks, logarithmic to powers of `base` (2 or 10). */
void svg_scale_round(struct svg_scale *scale, size_t ticks_wanted, double base);

/* Round values on the scale, ascending; linear: about so many, 1, 2, 2.5 or 5 times a power of ten,
 * or, with base 2, a power of two; logarithmic: powers of `base`, of which some are left out where
 * there are more. Where a logarithmic scale has less than two such, 1, 2 and 5 times a power count.
 */
size_t svg_ticks(const struct svg_scale *scale, size_t wanted, double base,
                 double ticks[SVG_TICKS_MAX]);

/* Writes a figure at a tick: html_bytes_text and html_time_text (html_table.h) are such. */
typedef const char *svg_tick_text(double value, char *text, size_t size);
const char *svg_number_text(double value, char *text, size_t size); /* 1200000: "1.2 M" */
const char *svg_time_text(double ns, char *text, size_t size);      /* 1.5e9: "1.5 s" */
const char *svg_percent_text(double part, char *text, size_t size); /* 0.12: "12 %" */
const char *svg_ratio_text(double ratio, char *text, size_t size);  /* 1.25: "×1.25" */

/* How an axis is written: about so many ticks, of which base, in which words. */
struct svg_axis {
    size_t wanted;
    double base; /* 10; 2 for bytes */
    svg_tick_text *text;
};

/* Across: grid lines from `top` to `bottom` with their figures below; takes 18 pixels more. */
void svg_axis_across(struct svg *svg, const struct svg_scale *scale, const struct svg_axis *axis,
                     double top, double bottom);

/* Down: grid lines all across, with their figures above them at the left. */
void svg_axis_down(struct svg *svg, const struct svg_scale *scale, const struct svg_axis *axis);

#endif
