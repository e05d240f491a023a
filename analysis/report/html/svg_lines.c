/* SPDX-License-Identifier: MIT */
#include "svg_lines.h"

#include <math.h>

enum { TOP = 18, HEIGHT = 240, TICKS = 20, TIP_BYTES = 640 };

/* A logarithmic axis pays where the greatest is so many times the least. */
#define LOG_FROM 20

static struct svg_scale across_of(const struct lines *lines)
{
    struct svg_scale scale = {.from = 13,
                              .to = 98}; /* the figures of the other axis stand at the left */
    scale.low = lines->place_count ? lines->places[0] : 0;
    scale.high = lines->place_count ? lines->places[lines->place_count - 1] : 1;
    scale.logarithmic = scale.low > 0 && scale.high >= LOG_FROM * scale.low;
    if (!(scale.high > scale.low))
        scale.high = scale.low + 1;
    return scale;
}

static struct svg_scale down_of(const struct lines *lines)
{
    struct svg_scale scale = {.low = NAN, .high = NAN, .from = TOP + HEIGHT, .to = TOP};
    for (size_t s = 0; s < lines->series_count; s++) {
        for (size_t i = 0; i < lines->place_count; i++) {
            double value = lines->series[s].values[i];
            if (!isfinite(value))
                continue;
            scale.low = fmin(scale.low, value);
            scale.high = fmax(scale.high, value);
        }
    }
    if (isnan(scale.low))
        scale.low = scale.high = 0;
    scale.logarithmic = scale.low > 0 && scale.high >= LOG_FROM * scale.low;
    if (!scale.logarithmic)
        scale.low = 0;
    svg_scale_round(&scale, lines->down.wanted, lines->down.base);
    return scale;
}

static void draw_curve(struct svg *svg, const struct lines *lines, size_t s,
                       const struct svg_scale *across, const struct svg_scale *down)
{
    char class[64];
    bool gap = true;
    snprintf(class, sizeof class, "curve %s", lines->series[s].class);
    svg_path_begin(svg, class);
    for (size_t i = 0; i < lines->place_count; i++) {
        double value = lines->series[s].values[i];
        if (isfinite(value))
            svg_path_point(svg, svg_place(across, lines->places[i]), svg_place(down, value) - TOP,
                           gap);
        gap = !isfinite(value);
    }
    svg_path_end(svg, false);
}

static void draw_mark(struct svg *svg, const struct lines *lines, size_t i,
                      const struct svg_scale *across, const struct svg_scale *down)
{
    char tip[TIP_BYTES], figure[48];
    size_t used = (size_t)snprintf(tip, sizeof tip, "%.60s %s", lines->x_name,
                                   lines->across.text(lines->places[i], figure, sizeof figure));
    for (size_t s = 0; s < lines->series_count && used < sizeof tip; s++)
        used += (size_t)snprintf(tip + used, sizeof tip - used, "%s %.40s %.4g", s ? "," : ":",
                                 lines->series[s].name, lines->series[s].values[i]);
    if (used < sizeof tip)
        snprintf(tip + used, sizeof tip - used, " %s", lines->unit);
    double x = svg_place(across, lines->places[i]);
    double left = i ? (svg_place(across, lines->places[i - 1]) + x) / 2 : 0;
    double right =
        i + 1 < lines->place_count ? (svg_place(across, lines->places[i + 1]) + x) / 2 : 100;
    svg_mark_begin(svg, "%s", tip);
    svg_rect(svg, "hit", left, TOP, right - left, HEIGHT);
    svg_line(svg, "cursor", x, TOP, x, TOP + HEIGHT);
    for (size_t s = 0; s < lines->series_count; s++) {
        if (isfinite(lines->series[s].values[i]))
            svg_circle(svg, lines->series[s].class, x, svg_place(down, lines->series[s].values[i]),
                       3.5);
    }
    svg_mark_end(svg);
}

void svg_lines(struct html_page *page, const char *title, const char *description,
               const struct lines *lines)
{
    struct svg svg;
    struct svg_scale across = across_of(lines), down = down_of(lines);
    html_key_begin(page);
    for (size_t s = 0; s < lines->series_count; s++)
        html_key_item(page, lines->series[s].class, lines->series[s].name, NULL);
    html_key_end(page);
    svg_begin(&svg, page, TOP + HEIGHT + TICKS, title, description);
    svg_axis_across(&svg, &across, &lines->across, TOP + HEIGHT, TOP + HEIGHT + 4);
    svg_axis_down(&svg, &down, &lines->down);
    svg_plane_begin(&svg, TOP, HEIGHT);
    for (size_t s = 0; s < lines->series_count; s++)
        draw_curve(&svg, lines, s, &across, &down);
    svg_plane_end(&svg);
    for (size_t i = 0; i < lines->place_count; i++)
        draw_mark(&svg, lines, i, &across, &down);
    svg_end(&svg);
}
