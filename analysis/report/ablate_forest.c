/* SPDX-License-Identifier: MIT */
#include "ablate_forest.h"

#include <math.h>

enum { MIDDLE = ABLATE_FOREST_COLUMNS / 2 };

enum mark { NOTHING, ONE, RANGE, RATIO };

static const char *const drawn[] = {" ", "│", "─", "●"};
static const char *const drawn_ascii[] = {" ", "|", "-", "o"};

/* A narrower axis would show noise in full width. */
#define END_MIN 0.005

static double reach(double end, const struct ablate_estimate *estimate)
{
    const double ratios[] = {estimate->ratio, estimate->range.low, estimate->range.high};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        if (isfinite(ratios[i]) && ratios[i] > 0)
            end = fmax(end, fabs(log(ratios[i])));
    }
    return end;
}

struct ablate_forest ablate_forest_of(const struct ablate_report *report)
{
    struct ablate_forest forest = {END_MIN};
    for (size_t i = 0; i < report->factorial.term_count; i++)
        forest.end = reach(forest.end, &report->effects[i].of);
    return forest;
}

static int column_of(const struct ablate_forest *forest, double ratio)
{
    double part = fmax(-1, fmin(1, log(ratio) / forest->end));
    return MIDDLE + (int)lround(part * MIDDLE);
}

void ablate_forest_axis(const struct ablate_forest *forest, const struct terminal *terminal)
{
    fprintf(terminal->stream, "%-*.3f1%*.3f", MIDDLE, exp(-forest->end), MIDDLE, exp(forest->end));
}

void ablate_forest_row(const struct ablate_forest *forest, const struct ablate_estimate *estimate,
                       const struct terminal *terminal)
{
    enum mark marks[ABLATE_FOREST_COLUMNS] = {NOTHING};
    if (isfinite(estimate->range.low)) {
        int last = column_of(forest, estimate->range.high);
        for (int i = column_of(forest, estimate->range.low); i <= last; i++)
            marks[i] = RANGE;
    }
    marks[MIDDLE] = ONE;
    if (isfinite(estimate->ratio))
        marks[column_of(forest, estimate->ratio)] = RATIO;
    for (int i = 0; i < ABLATE_FOREST_COLUMNS; i++)
        fputs((terminal->utf8 ? drawn : drawn_ascii)[marks[i]], terminal->stream);
}
