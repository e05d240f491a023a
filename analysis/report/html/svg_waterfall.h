/* SPDX-License-Identifier: MIT */
/*
 * A waterfall: from one total to another, step by step. Each step's bar begins where the one before
 * it has ended, with a whisker for the interval of its end. The axis begins near the least end
 * where the steps are small beside the totals, and the caption has to say so.
 */
#ifndef ANALYSIS_SVG_WATERFALL_H
#define ANALYSIS_SVG_WATERFALL_H

#include <stddef.h>

#include "html_page.h"
#include "statistics/interval.h"
#include "svg_axis.h"

struct waterfall_step {
    const char *name, *class;
    double difference;
    struct interval range; /* of the difference; NAN: not known */
    char shown[64], tip[256];
};

struct waterfall_end {
    const char *name, *class;
    double value;
    char shown[64];
};

struct waterfall_picture {
    struct waterfall_end from, to;
    const struct waterfall_step *steps;
    size_t count;
    struct svg_axis axis;
};

/* Where the axis begins: 0, unless that would make the steps too small to be seen. */
double svg_waterfall_low(const struct waterfall_picture *picture);

void svg_waterfall(struct html_page *page, const char *title, const char *description,
                   const struct waterfall_picture *picture);

#endif
