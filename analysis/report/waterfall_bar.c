/* SPDX-License-Identifier: MIT */
#include "waterfall_bar.h"

#include <math.h>

void waterfall_axis_take(struct waterfall_axis *axis, double value)
{
    if (isnan(value))
        return;
    axis->low = fmin(axis->low, value); /* of a NAN and a number, the number */
    axis->high = fmax(axis->high, value);
}

void waterfall_axis_widen(struct waterfall_axis *axis)
{
    double room = (axis->high - axis->low) / 8;
    axis->low = axis->low >= 0 ? fmax(0, axis->low - room) : axis->low - room;
}

/* In half columns. */
static int place(const struct waterfall_axis *axis, double value)
{
    double range = axis->high - axis->low;
    return range > 0 ? (int)lround((value - axis->low) / range * 2 * axis->columns) : 0;
}

void waterfall_bar(const struct waterfall_axis *axis, const struct terminal *terminal, double from,
                   double to)
{
    static const char *const halves[] = {" ", "▌", "▐", "█"}; /* none, left, right, both */
    if (isnan(from) || isnan(to) || isnan(axis->low))
        return;
    int start = place(axis, fmin(from, to)), end = place(axis, fmax(from, to));
    int last = end > start ? (end - 1) / 2 : start / 2;
    last = last < axis->columns ? last : axis->columns - 1;
    for (int column = 0; column <= last; column++) {
        int left = 2 * column >= start && 2 * column < end;
        int right = 2 * column + 1 >= start && 2 * column + 1 < end;
        if (start == end && column == last)
            fputs(terminal->utf8 ? "│" : "|", terminal->stream);
        else if (terminal->utf8)
            fputs(halves[left | right << 1], terminal->stream);
        else
            fputc(left || right ? '#' : ' ', terminal->stream);
    }
}
