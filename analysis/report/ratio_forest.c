/* SPDX-License-Identifier: MIT */
#include "ratio_forest.h"

#include <math.h>

enum mark { NOTHING, ONE, RANGE, RATIO };

static const char *const drawn[] = {" ", "│", "─", "●"};
static const char *const drawn_ascii[] = {" ", "|", "-", "o"};

/* A narrower axis would show noise in full width. */
#define END_MIN 0.005

struct ratio_forest ratio_forest_start(int columns)
{
    if (columns < RATIO_FOREST_COLUMNS_MIN)
        columns = RATIO_FOREST_COLUMNS_MIN;
    if (columns > RATIO_FOREST_COLUMNS_MAX)
        columns = RATIO_FOREST_COLUMNS_MAX;
    return (struct ratio_forest){END_MIN, columns - !(columns % 2)};
}

void ratio_forest_take(struct ratio_forest *forest, double ratio, const struct interval *range)
{
    const double ratios[] = {ratio, range->low, range->high};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        if (isfinite(ratios[i]) && ratios[i] > 0)
            forest->end = fmax(forest->end, fabs(log(ratios[i])));
    }
}

static int column_of(const struct ratio_forest *forest, double ratio)
{
    double part = fmax(-1, fmin(1, log(ratio) / forest->end));
    int middle = forest->columns / 2;
    return middle + (int)lround(part * middle);
}

void ratio_forest_axis(const struct ratio_forest *forest, const struct terminal *terminal)
{
    int middle = forest->columns / 2;
    fprintf(terminal->stream, "%-*.3f1%*.3f", middle, exp(-forest->end), middle, exp(forest->end));
}

void ratio_forest_row(const struct ratio_forest *forest, double ratio, const struct interval *range,
                      const struct terminal *terminal)
{
    enum mark marks[RATIO_FOREST_COLUMNS_MAX] = {NOTHING};
    if (isfinite(range->low)) {
        int last = column_of(forest, range->high);
        for (int i = column_of(forest, range->low); i <= last; i++)
            marks[i] = RANGE;
    }
    marks[forest->columns / 2] = ONE;
    if (isfinite(ratio))
        marks[column_of(forest, ratio)] = RATIO;
    for (int i = 0; i < forest->columns; i++)
        fputs((terminal->utf8 ? drawn : drawn_ascii)[marks[i]], terminal->stream);
}
