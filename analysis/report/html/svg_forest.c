/* SPDX-License-Identifier: MIT */
#include "svg_forest.h"

#include <math.h>

enum { LABEL = 18, LANE = 16, GAP = 8, TICKS = 20 };

/* Of the axis, that is left free at both ends. */
#define MARGIN 0.04

static void take(struct svg_scale *scale, double value)
{
    if (!isfinite(value))
        return;
    scale->low = fmin(scale->low, value); /* of a NAN and a number, the number */
    scale->high = fmax(scale->high, value);
}

static void take_row(struct svg_scale *scale, const struct forest_row *row)
{
    for (size_t i = 0; i < row->mark_count; i++) {
        take(scale, row->marks[i].value);
        take(scale, row->marks[i].range.low);
        take(scale, row->marks[i].range.high);
    }
    take(scale, row->expected.low);
    take(scale, row->expected.high);
    for (size_t i = 0; i < row->dot_count; i++)
        take(scale, row->dots[i]);
}

static struct svg_scale scale_of(const struct forest *forest)
{
    struct svg_scale scale = {.low = NAN, .high = NAN, .from = 0, .to = 100};
    take(&scale, forest->nothing);
    for (size_t i = 0; i < forest->count; i++)
        take_row(&scale, &forest->rows[i]);
    if (isnan(scale.low))
        scale.low = scale.high = 0;
    double extent = scale.high > scale.low ? scale.high - scale.low : 1;
    scale.low -= MARGIN * extent;
    scale.high += MARGIN * extent;
    return scale;
}

static double height_of(const struct forest_row *row)
{
    return LABEL + LANE * (double)(row->mark_count ? row->mark_count : 1) + GAP;
}

static void draw_mark(struct svg *svg, const struct forest_mark *mark,
                      const struct svg_scale *scale, double top)
{
    double middle = top + LANE / 2.0;
    svg_mark_begin(svg, "%s", mark->tip);
    svg_rect(svg, "hit", 0, top, 100, LANE);
    if (isfinite(mark->range.low) && isfinite(mark->range.high)) {
        double low = svg_place(scale, mark->range.low), high = svg_place(scale, mark->range.high);
        svg_line(svg, "whisker", low, middle, high, middle);
        svg_line(svg, "whisker", low, middle - 4, low, middle + 4);
        svg_line(svg, "whisker", high, middle - 4, high, middle + 4);
    }
    if (isfinite(mark->value))
        svg_circle(svg, mark->class, svg_place(scale, mark->value), middle, 5);
    svg_mark_end(svg);
}

/* Classes say colours; how much shows through is the picture's own. */
static void draw_expected(struct svg *svg, const struct forest_row *row,
                          const struct svg_scale *scale, double top, double height)
{
    if (isnan(row->expected.low))
        return;
    double low = svg_place(scale, row->expected.low), high = svg_place(scale, row->expected.high);
    svg_mark_begin(svg, "%s", row->expected_tip);
    fprintf(svg->stream,
            "<rect class=\"c-2\" fill-opacity=\"0.3\" x=\"%.5g%%\" y=\"%.5g\" width=\"%.5g%%\" "
            "height=\"%.5g\" />",
            fmax(0, low - 0.5), top, fmax(high - low, 0) + 1, height);
    svg_mark_end(svg);
}

static void draw_dots(struct svg *svg, const struct forest_row *row, const struct svg_scale *scale,
                      double middle)
{
    for (size_t i = 0; i < row->dot_count; i++)
        fprintf(svg->stream,
                "<circle class=\"%s\" fill-opacity=\"0.4\" cx=\"%.5g%%\" cy=\"%.5g\" r=\"3\" />",
                row->mark_count ? row->marks[0].class : "c-0", svg_place(scale, row->dots[i]),
                middle);
}

static void draw_row(struct svg *svg, const struct forest_row *row, const struct svg_scale *scale,
                     double top)
{
    double lanes = top + LABEL, height = height_of(row) - LABEL - GAP;
    svg_text(svg, "label", SVG_START, 0, 0, top + 13, "%s", row->name);
    svg_text(svg, "value", SVG_END, 100, 0, top + 13, "%s", row->shown);
    draw_expected(svg, row, scale, lanes, height);
    draw_dots(svg, row, scale, lanes + LANE / 2.0);
    for (size_t i = 0; i < row->mark_count; i++)
        draw_mark(svg, &row->marks[i], scale, lanes + (double)i * LANE);
}

void svg_forest(struct html_page *page, const char *title, const char *description,
                const struct forest *forest)
{
    struct svg svg;
    struct svg_scale scale = scale_of(forest);
    double height = 0, top = 0;
    for (size_t i = 0; i < forest->count; i++)
        height += height_of(&forest->rows[i]);
    svg_begin(&svg, page, height + TICKS, title, description);
    svg_axis_across(&svg, &scale, &forest->axis, 0, height);
    if (isfinite(forest->nothing)) {
        double at = svg_place(&scale, forest->nothing);
        svg_line(&svg, "grid zero", at, 0, at, height);
    }
    for (size_t i = 0; i < forest->count; i++) {
        draw_row(&svg, &forest->rows[i], &scale, top);
        top += height_of(&forest->rows[i]);
    }
    svg_end(&svg);
}
