/* SPDX-License-Identifier: MIT */
#include "text_value.h"

#include <math.h>
#include <stdio.h>

const char *bytes_text(double bytes, char *text, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    while (bytes >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1024;
        unit++;
    }
    snprintf(text, size, "%.*f %s", unit ? 1 : 0, bytes, units[unit]);
    return text;
}

const char *number_text(double value, const char *format, char *text, size_t size)
{
    if (isnan(value)) {
        snprintf(text, size, "-");
    } else {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, size, format, value);
#pragma GCC diagnostic pop
    }
    return text;
}
