/* SPDX-License-Identifier: MIT */
/*
 * Forest plots: a row for each estimate, with its interval, on one axis, beside what means nothing.
 * The name and the figure stand above the row, so that a phone has room for both.
 */
#ifndef ANALYSIS_SVG_FOREST_H
#define ANALYSIS_SVG_FOREST_H

#include <stddef.h>

#include "html_page.h"
#include "statistics/interval.h"
#include "svg_axis.h"

enum { FOREST_MARKS_MAX = 2 };

/* A point and its interval; several of a row stand below each other. NAN: not known. */
struct forest_mark {
    const char *class; /* html_colour.h */
    double value;
    struct interval range;
    char tip[256]; /* a whole phrase */
};

struct forest_row {
    char name[80], shown[64];
    struct forest_mark marks[FOREST_MARKS_MAX];
    size_t mark_count;
    struct interval expected; /* a band behind the marks: what somebody hoped for; NAN: nothing */
    char expected_tip[128];
    const double *dots; /* the figures that the first mark sums up; NULL: not drawn */
    size_t dot_count;
};

struct forest {
    const struct forest_row *rows;
    size_t count;
    double nothing; /* where there is no effect: 1 for ratios; a line. NAN: none */
    struct svg_axis axis;
};

void svg_forest(struct html_page *page, const char *title, const char *description,
                const struct forest *forest);

#endif
