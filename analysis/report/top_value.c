/* SPDX-License-Identifier: MIT */
#include "top_value.h"

#include <math.h>
#include <stdio.h>

#include "text_value.h"

/* One digit after the point, but for what is exact without and what is `whole` or more. */
static struct top_text scaled(double value, double step, const char *const *units, int count,
                              int digits_of_first, double whole)
{
    struct top_text text = {"-"};
    int unit = 0;
    if (isnan(value))
        return text;
    while (value >= 0.99995 * step && unit + 1 < count) {
        value /= step;
        unit++;
    }
    int digits = unit && value < whole ? 1 : unit ? 0 : digits_of_first;
    snprintf(text.text, sizeof text.text, "%.*f%s%s", digits, value, *units[unit] ? " " : "",
             units[unit]);
    return text;
}

struct top_text top_rate(double value)
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    return scaled(value, 1000, units, 5, value > 0 && value < 10 ? 1 : 0, 1000);
}

struct top_text top_time(double ns)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    return scaled(ns, 1000, units, 4, 0, 100);
}

struct top_text top_bytes(double bytes)
{
    struct top_text text = {"-"};
    if (!isnan(bytes))
        bytes_text(bytes, text.text, sizeof text.text);
    return text;
}

struct top_text top_percent(double part)
{
    struct top_text text = {"-"};
    if (!isnan(part))
        snprintf(text.text, sizeof text.text, "%.1f %%", 100 * part);
    return text;
}
