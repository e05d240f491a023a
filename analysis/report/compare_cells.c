/* SPDX-License-Identifier: MIT */
#include "compare_cells.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *compare_figure_text(double value, char text[COMPARE_CELL_BYTES])
{
    if (!isfinite(value))
        return "-";
    int digits = fabs(value) > 0 ? (int)floor(log10(fabs(value))) : 0;
    int decimals = digits > 4 ? 0 : digits < -1 ? 5 : 4 - digits;
    bool fits = digits < 7 && (digits > -4 || fabs(value) == 0);
    if (fits)
        snprintf(text, COMPARE_CELL_BYTES, "%.*f", decimals, value);
    else
        snprintf(text, COMPARE_CELL_BYTES, "%.2g", value);
    return text;
}

const char *compare_ratio_text(double value, char text[COMPARE_CELL_BYTES])
{
    if (!isfinite(value))
        return "-";
    snprintf(text, COMPARE_CELL_BYTES, value < 100 ? "%.3f" : value < 1e4 ? "%.1f" : "%.2g", value);
    return text;
}

const char *compare_count_text(double value, char text[COMPARE_CELL_BYTES])
{
    if (!isfinite(value))
        return "-";
    if (value < 1e5)
        snprintf(text, COMPARE_CELL_BYTES, "%.0f", value);
    else if (value < 1e6)
        snprintf(text, COMPARE_CELL_BYTES, "%.0fk", value / 1e3);
    else
        snprintf(text, COMPARE_CELL_BYTES, "%.1fM", value / 1e6);
    return text;
}

void compare_name_text(const char *name, size_t columns, char *text)
{
    size_t length = strlen(name);
    if (length > columns && columns > 2)
        snprintf(text, columns + 1, "..%s", name + length - columns + 2);
    else
        snprintf(text, columns + 1, "%s", name);
    for (char *c = text; *c; c++) {
        if (*c < ' ' || *c > '~')
            *c = '?';
    }
}
