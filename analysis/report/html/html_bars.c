/* SPDX-License-Identifier: MIT */
#include "html_bars.h"

#include <math.h>

enum { ROW = 40, BAR = 14, STACK_ROW = 52, STACK_BAR = 26, COLUMNS_HEIGHT = 180, COLUMNS_TOP = 18 };
/* Per cent of the width that the figures of a histogram's axis have for themselves. */
#define AXIS_ROOM 8.0

static void take(struct svg_scale *scale, double value)
{
    if (!isfinite(value))
        return;
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

static struct svg_scale scale_of(const struct html_bar *bars, size_t count)
{
    struct svg_scale scale = {.from = 0, .to = 100};
    for (size_t i = 0; i < count; i++) {
        take(&scale, bars[i].value);
        take(&scale, bars[i].low);
        take(&scale, bars[i].high);
    }
    if (!(scale.high > scale.low))
        scale.high = scale.low + 1;
    return scale;
}

static void bar_row(struct svg *svg, const struct html_bar *bar, const struct svg_scale *scale,
                    double top)
{
    double middle = top + 19 + BAR / 2.0, zero = svg_place(scale, 0);
    double place = svg_place(scale, bar->value);
    svg_mark_begin(svg, "%s", bar->tip);
    svg_rect(svg, "hit", 0, top, 100, ROW - 2);
    svg_name(svg, "label", top, bar->name);
    svg_text(svg, "value", SVG_END, 100, 0, top + 13, "%s", bar->shown);
    if (isfinite(bar->value))
        svg_rect(svg, bar->class, fmin(place, zero), top + 19, fabs(place - zero), BAR);
    if (isfinite(bar->low) && isfinite(bar->high)) {
        double low = svg_place(scale, bar->low), high = svg_place(scale, bar->high);
        svg_line(svg, "whisker", low, middle, high, middle);
        svg_line(svg, "whisker", low, middle - 4, low, middle + 4);
        svg_line(svg, "whisker", high, middle - 4, high, middle + 4);
    }
    svg_mark_end(svg);
}

void html_bar_rows(struct html_page *page, const char *title, const char *description,
                   const struct html_bar *bars, size_t count, const struct svg_axis *axis)
{
    struct svg svg;
    struct svg_scale scale = scale_of(bars, count);
    double height = (double)count * ROW;
    svg_begin(&svg, page, height + (axis ? 20 : 0), title, description);
    if (axis)
        svg_axis_across(&svg, &scale, axis, 0, height);
    for (size_t i = 0; i < count; i++)
        bar_row(&svg, &bars[i], &scale, (double)(i * ROW));
    svg_end(&svg);
}

static double sum_of(const struct html_stack *stack)
{
    double sum = 0;
    for (size_t i = 0; i < stack->count; i++)
        sum += stack->parts[i].value > 0 ? stack->parts[i].value : 0;
    return sum;
}

static void stack_row(struct svg *svg, const struct html_stack *stack, double whole, double top)
{
    double at = 0;
    svg_text(svg, "label", SVG_START, 0, 0, top + 13, "%s", stack->name);
    if (stack->shown)
        svg_text(svg, "value", SVG_END, 100, 0, top + 13, "%s", stack->shown);
    for (size_t i = 0; i < stack->count; i++) {
        const struct html_bar *part = &stack->parts[i];
        double width = part->value > 0 && whole > 0 ? 100 * part->value / whole : 0;
        if (width <= 0)
            continue;
        char class[64];
        snprintf(class, sizeof class, "part %s", part->class);
        svg_mark_begin(svg, "%s", part->tip);
        svg_rect(svg, class, at, top + 19, width, STACK_BAR);
        snprintf(class, sizeof class, "on on-%s", part->class);
        if (svg_has_room(part->name, width))
            svg_text(svg, class, SVG_MIDDLE, at + width / 2, 0, top + 36, "%s", part->name);
        svg_mark_end(svg);
        at += width;
    }
}

void html_stacks(struct html_page *page, const char *title, const char *description,
                 const struct html_stack *stacks, size_t count, double whole)
{
    struct svg svg;
    for (size_t i = 0; i < count; i++)
        whole = fmax(whole, sum_of(&stacks[i]));
    svg_begin(&svg, page, (double)count * STACK_ROW, title, description);
    for (size_t i = 0; i < count; i++)
        stack_row(&svg, &stacks[i], whole, (double)(i * STACK_ROW));
    svg_end(&svg);
}

/* Every how many columns a name has room, on a phone, too. */
static size_t name_spacing(const struct html_bar *bars, size_t count)
{
    for (size_t every = 1; every < count; every++) {
        bool fits = true;
        for (size_t i = 0; i < count; i += every)
            fits = fits &&
                   svg_has_room(bars[i].name, (100 - AXIS_ROOM) * (double)every / (double)count);
        if (fits)
            return every;
    }
    return count ? count : 1;
}

/* Below the column's middle; of the first and the last so that it stays within the picture. */
static void draw_column_name(struct svg *svg, const char *name, double at, double width, double y)
{
    enum svg_anchor anchor = svg_has_room(name, width) ? SVG_MIDDLE : svg_anchor_at(at + width / 2);
    double x = anchor == SVG_START ? at : anchor == SVG_END ? at + width : at + width / 2;
    svg_text(svg, "tick", anchor, x, 0, y, "%s", name);
}

void html_histogram(struct html_page *page, const char *title, const char *description,
                    const struct html_bar *bars, size_t count, bool logarithmic,
                    const struct svg_axis *axis)
{
    struct svg svg;
    struct svg_scale scale = scale_of(bars, count);
    double width = (100 - AXIS_ROOM) / (double)(count ? count : 1);
    size_t every = name_spacing(bars, count);
    if (logarithmic) {
        scale.logarithmic = true;
        scale.low = 0.8; /* one event is seen */
        scale.high = fmax(scale.high, 10);
    } else {
        svg_scale_round(&scale, axis->wanted, axis->base);
    }
    scale.from = COLUMNS_TOP + COLUMNS_HEIGHT;
    scale.to = COLUMNS_TOP;
    svg_begin(&svg, page, COLUMNS_TOP + COLUMNS_HEIGHT + 20, title, description);
    for (size_t i = 0; i < count; i++) {
        double top = svg_place(&scale, bars[i].value), at = AXIS_ROOM + (double)i * width;
        svg_mark_begin(&svg, "%s", bars[i].tip);
        svg_rect(&svg, "hit", at, COLUMNS_TOP, width, COLUMNS_HEIGHT);
        if (bars[i].value > 0)
            svg_rect(&svg, bars[i].class, at + 0.1 * width, top, 0.8 * width, scale.from - top);
        if (i % every == 0)
            draw_column_name(&svg, bars[i].name, at, width, scale.from + 14);
        svg_mark_end(&svg);
    }
    svg_axis_down(&svg, &scale, axis); /* above the columns, which would hide its figures */
    svg_end(&svg);
}
