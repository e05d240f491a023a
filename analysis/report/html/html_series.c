/* SPDX-License-Identifier: MIT */
#include "html_series.h"

#include <math.h>
#include <string.h>

enum { TOP = 18, HEIGHT = 220 };

static struct svg_scale heights(const struct html_places *places, const struct html_series *series,
                                size_t count, const struct svg_axis *axis)
{
    struct svg_scale scale = {.from = TOP + HEIGHT, .to = TOP};
    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < places->count; i++) {
            if (isfinite(series[s].values[i]))
                scale.high = fmax(scale.high, series[s].values[i]);
        }
    }
    svg_scale_round(&scale, axis->wanted, axis->base);
    return scale;
}

static void path(struct svg *svg, const char *kind, const struct html_series *series,
                 const struct html_places *places, const struct svg_scale *across,
                 const struct svg_scale *down)
{
    char class[64];
    bool gap = true;
    double last = 0;
    snprintf(class, sizeof class, "%s %s", kind, series->class);
    bool fills = strcmp(kind, "area") == 0;
    svg_path_begin(svg, class);
    for (size_t i = 0; i < places->count; i++) {
        double value = series->values[i], x = svg_place(across, places->values[i]);
        if (isnan(value)) {
            if (fills && !gap)
                svg_path_point(svg, last, HEIGHT, false);
            gap = true;
            continue;
        }
        if (fills && gap)
            svg_path_point(svg, x, HEIGHT, true);
        svg_path_point(svg, x, svg_place(down, value) - TOP, gap && !fills);
        gap = false;
        last = x;
    }
    if (fills && !gap)
        svg_path_point(svg, last, HEIGHT, false);
    svg_path_end(svg, false);
}

static void tip(char *text, size_t size, const struct html_places *places, size_t place,
                const struct html_series *series, size_t count, const struct svg_axis *axis)
{
    char figure[48];
    size_t at = (size_t)snprintf(text, size, "%s",
                                 places->axis.text(places->values[place], figure, sizeof figure));
    for (size_t s = 0; s < count && at < size; s++) {
        double value = series[s].values[place];
        at += (size_t)snprintf(text + at, size - at, "%s %s %s", s ? "," : ":", series[s].name,
                               isnan(value) ? "–" : axis->text(value, figure, sizeof figure));
    }
}

/* What is pointed at reaches half-way to its neighbours. */
static void mark(struct svg *svg, const struct html_places *places, size_t place,
                 const struct svg_scale *across, const struct html_series *series, size_t count,
                 const struct svg_scale *down, const struct svg_axis *axis)
{
    char text[512];
    double x = svg_place(across, places->values[place]);
    double left = place > 0 ? svg_place(across, places->values[place - 1]) : -x;
    double right =
        place + 1 < places->count ? svg_place(across, places->values[place + 1]) : 200 - x;
    tip(text, sizeof text, places, place, series, count, axis);
    svg_mark_begin(svg, "%s", text);
    svg_rect(svg, "hit", (left + x) / 2, TOP, (right - left) / 2, HEIGHT);
    svg_line(svg, "cursor", x, TOP, x, TOP + HEIGHT);
    for (size_t s = 0; s < count; s++) {
        char class[64];
        snprintf(class, sizeof class, "cursor %s", series[s].class);
        if (isfinite(series[s].values[place]))
            svg_circle(svg, class, x, svg_place(down, series[s].values[place]), 3.5);
    }
    svg_mark_end(svg);
}

void html_series(struct html_page *page, const char *title, const char *description,
                 const struct html_places *places, const struct html_series *series, size_t count,
                 const struct svg_axis *axis)
{
    struct svg svg;
    struct svg_scale down = heights(places, series, count, axis);
    struct svg_scale across = {.from = 0, .to = 100};
    if (places->count > 0) {
        across.low = places->values[0];
        across.high = places->values[places->count - 1];
    }
    svg_begin(&svg, page, TOP + HEIGHT + 20, title, description);
    svg_axis_across(&svg, &across, &places->axis, TOP + HEIGHT, TOP + HEIGHT + 4);
    svg_plane_begin(&svg, TOP, HEIGHT);
    for (size_t s = 0; s < count; s++) {
        if (series[s].area)
            path(&svg, "area", &series[s], places, &across, &down);
        path(&svg, "curve", &series[s], places, &across, &down);
    }
    svg_plane_end(&svg);
    for (size_t i = 0; i < places->count; i++)
        mark(&svg, places, i, &across, series, count, &down, axis);
    svg_axis_down(&svg, &down, axis);
    svg_end(&svg);
}
