/* SPDX-License-Identifier: MIT */
#include "svg_waterfall.h"

#include <math.h>

enum { ROW = 40, BAR = 14, TICKS = 20 };

/* Below this share of the greater total the steps are shown by themselves. */
#define SMALL 0.6

static void take(double value, double *low, double *high)
{
    *low = fmin(*low, value); /* of a NAN and a number, the number */
    *high = fmax(*high, value);
}

/* The least and the most that is drawn, but for the bars of the two totals. */
static void extent(const struct waterfall_picture *picture, double *low, double *high)
{
    double at = picture->from.value;
    *low = *high = NAN;
    take(at, low, high);
    take(picture->to.value, low, high);
    for (size_t i = 0; i < picture->count; i++) {
        const struct waterfall_step *step = &picture->steps[i];
        take(at + step->difference, low, high);
        take(at + step->range.low, low, high);
        take(at + step->range.high, low, high);
        at += step->difference;
    }
}

double svg_waterfall_low(const struct waterfall_picture *picture)
{
    double low, high;
    extent(picture, &low, &high);
    if (!(low > 0) || high - low > SMALL * high)
        return fmin(0, low);
    return fmax(0, low - (high - low) / 4);
}

static struct svg_scale scale_of(const struct waterfall_picture *picture)
{
    double low, high;
    extent(picture, &low, &high);
    struct svg_scale scale = {svg_waterfall_low(picture), high, false, 0, 100};
    scale.high += 0.03 * (scale.high - scale.low);
    if (!(scale.high > scale.low))
        scale.high = scale.low + 1;
    return scale;
}

static void draw_labels(struct svg *svg, const char *name, const char *shown, double top)
{
    svg_rect(svg, "hit", 0, top, 100, ROW - 2);
    svg_text(svg, "label", SVG_START, 0, 0, top + 13, "%s", name);
    svg_text(svg, "value", SVG_END, 100, 0, top + 13, "%s", shown);
}

static void draw_end(struct svg *svg, const struct waterfall_end *end,
                     const struct svg_scale *scale, double top)
{
    svg_mark_begin(svg, "%s: %s", end->name, end->shown);
    draw_labels(svg, end->name, end->shown, top);
    svg_rect(svg, end->class, 0, top + 19, svg_place(scale, end->value), BAR);
    svg_mark_end(svg);
}

/* With a line down to where the next one begins. */
static void draw_step(struct svg *svg, const struct waterfall_step *step,
                      const struct svg_scale *scale, double at, double top)
{
    double from = svg_place(scale, at), to = svg_place(scale, at + step->difference);
    double bar = top + 19, middle = bar + BAR / 2.0;
    svg_mark_begin(svg, "%s", step->tip);
    draw_labels(svg, step->name, step->shown, top);
    svg_rect(svg, step->class, fmin(from, to), bar, fmax(fabs(to - from), 0.3), BAR);
    if (isfinite(step->range.low) && isfinite(step->range.high)) {
        double low = svg_place(scale, at + step->range.low);
        double high = svg_place(scale, at + step->range.high);
        svg_line(svg, "whisker", low, middle, high, middle);
        svg_line(svg, "whisker", low, middle - 4, low, middle + 4);
        svg_line(svg, "whisker", high, middle - 4, high, middle + 4);
    }
    svg_mark_end(svg);
    svg_line(svg, "grid zero", to, bar + BAR, to, top + ROW + 19);
}

void svg_waterfall(struct html_page *page, const char *title, const char *description,
                   const struct waterfall_picture *picture)
{
    struct svg svg;
    struct svg_scale scale = scale_of(picture);
    double height = ROW * (double)(picture->count + 2), at = picture->from.value;
    svg_begin(&svg, page, height + TICKS, title, description);
    svg_axis_across(&svg, &scale, &picture->axis, 0, height);
    draw_end(&svg, &picture->from, &scale, 0);
    double from = svg_place(&scale, at);
    svg_line(&svg, "grid zero", from, 19 + BAR, from, ROW + 19);
    for (size_t i = 0; i < picture->count; i++) {
        draw_step(&svg, &picture->steps[i], &scale, at, ROW * (double)(i + 1));
        at += picture->steps[i].difference;
    }
    draw_end(&svg, &picture->to, &scale, ROW * (double)(picture->count + 1));
    svg_end(&svg);
}
