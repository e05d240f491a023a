/* SPDX-License-Identifier: MIT */
#include "svg_axis.h"

#include <math.h>

double svg_place(const struct svg_scale *scale, double value)
{
    double part;
    if (isnan(value))
        return scale->from;
    if (scale->logarithmic)
        part = value > 0 ? log(value / scale->low) / log(scale->high / scale->low) : 0;
    else
        part = (value - scale->low) / (scale->high - scale->low);
    if (!(part > 0)) /* NAN, too: a scale without extent */
        part = 0;
    return scale->from + (part < 1 ? part : 1) * (scale->to - scale->from);
}

/* The least round step that parts `extent` into no more than so many. */
static double round_step(double extent, size_t parts, double base)
{
    static const double times[] = {1, 2, 2.5, 5, 10};
    double least = extent / (double)parts;
    if (base == 2)
        return exp2(ceil(log2(least)));
    double power = pow(10, floor(log10(least)));
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (times[i] * power >= least * (1 - 1e-9))
            return times[i] * power;
    }
    return 10 * power;
}

void svg_scale_round(struct svg_scale *scale, size_t wanted, double base)
{
    if (scale->logarithmic) {
        scale->low = pow(base, floor(log(scale->low) / log(base) + 1e-9));
        scale->high = pow(base, ceil(log(scale->high) / log(base) - 1e-9));
        if (!(scale->high > scale->low))
            scale->high = scale->low * base;
        return;
    }
    if (!(scale->high > scale->low))
        scale->high = scale->low + 1;
    double step = round_step(scale->high - scale->low, wanted, base);
    scale->low = step * floor(scale->low / step + 1e-9);
    scale->high = step * ceil(scale->high / step - 1e-9);
}

static size_t powers(const struct svg_scale *scale, size_t wanted, double base,
                     double ticks[SVG_TICKS_MAX])
{
    double first = ceil(log(scale->low) / log(base) - 1e-9);
    double last = floor(log(scale->high) / log(base) + 1e-9);
    double every = ceil((last - first + 1) / (double)wanted);
    size_t count = 0;
    for (double power = first; power <= last && count < SVG_TICKS_MAX; power += fmax(every, 1))
        ticks[count++] = pow(base, power);
    return count;
}

/* 1, 2 and 5 times powers of ten, for a logarithmic scale of less than two decades. */
static size_t within_decade(const struct svg_scale *scale, double ticks[SVG_TICKS_MAX])
{
    static const double times[] = {1, 2, 5};
    size_t count = 0;
    for (double power = floor(log10(scale->low)); power <= log10(scale->high); power++) {
        for (size_t i = 0; i < 3 && count < SVG_TICKS_MAX; i++) {
            double value = times[i] * pow(10, power);
            if (value >= scale->low * (1 - 1e-9) && value <= scale->high * (1 + 1e-9))
                ticks[count++] = value;
        }
    }
    return count;
}

size_t svg_ticks(const struct svg_scale *scale, size_t wanted, double base,
                 double ticks[SVG_TICKS_MAX])
{
    size_t count = 0;
    if (wanted > SVG_TICKS_MAX - 1)
        wanted = SVG_TICKS_MAX - 1;
    if (wanted == 0 || !(scale->high > scale->low))
        return 0;
    if (scale->logarithmic) {
        count = powers(scale, wanted, base, ticks);
        if (count < 2)
            count = within_decade(scale, ticks);
        if (count >= 2)
            return count;
    }
    double step = round_step(scale->high - scale->low, wanted, base);
    count = 0;
    for (double value = step * ceil(scale->low / step - 1e-9);
         value <= scale->high + 1e-9 * step && count < SVG_TICKS_MAX; value += step)
        ticks[count++] = fabs(value) < 1e-9 * step ? 0 : value;
    return count;
}

const char *svg_number_text(double value, char *text, size_t size)
{
    static const char *const units[] = {"", " k", " M", " G", " T", " P"};
    size_t unit = 0;
    while (fabs(value) >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1000;
        unit++;
    }
    snprintf(text, size, "%.4g%s", value, units[unit]);
    return text;
}

const char *svg_time_text(double ns, char *text, size_t size)
{
    static const char *const units[] = {" ns", " µs", " ms", " s"};
    size_t unit = 0;
    double value = ns;
    while (fabs(value) >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1000;
        unit++;
    }
    snprintf(text, size, "%.4g%s", value, ns != 0 ? units[unit] : "");
    return text;
}

const char *svg_percent_text(double part, char *text, size_t size)
{
    snprintf(text, size, "%.4g %%", 100 * part);
    return text;
}

const char *svg_ratio_text(double ratio, char *text, size_t size)
{
    snprintf(text, size, "×%.4g", ratio);
    return text;
}

void svg_axis_across(struct svg *svg, const struct svg_scale *scale, const struct svg_axis *axis,
                     double top, double bottom)
{
    double ticks[SVG_TICKS_MAX];
    size_t count = svg_ticks(scale, axis->wanted, axis->base, ticks);
    for (size_t i = 0; i < count; i++) {
        char text[48];
        double x = svg_place(scale, ticks[i]);
        svg_line(svg, ticks[i] == 0 ? "grid zero" : "grid", x, top, x, bottom);
        svg_text(svg, "tick", svg_anchor_at(x), x, 0, bottom + 14, "%s",
                 axis->text(ticks[i], text, sizeof text));
        fputc('\n', svg->stream);
    }
}

void svg_axis_down(struct svg *svg, const struct svg_scale *scale, const struct svg_axis *axis)
{
    double ticks[SVG_TICKS_MAX];
    size_t count = svg_ticks(scale, axis->wanted, axis->base, ticks);
    for (size_t i = 0; i < count; i++) {
        char text[48];
        double y = svg_place(scale, ticks[i]);
        svg_line(svg, ticks[i] == 0 ? "grid zero" : "grid", 0, y, 100, y);
        svg_text(svg, "tick", SVG_START, 0, 0, y - 3, "%s",
                 axis->text(ticks[i], text, sizeof text));
        fputc('\n', svg->stream);
    }
}
