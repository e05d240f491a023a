/* SPDX-License-Identifier: MIT */
/* What changes in time: lines, and areas below them, of several series on the same axes. */
#ifndef ANALYSIS_HTML_SERIES_H
#define ANALYSIS_HTML_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "html_page.h"
#include "svg_axis.h"

struct html_series {
    const char *name;
    const char *class;    /* html_colour.h */
    const double *values; /* one for each place across; NAN: a gap */
    bool area;            /* filled down to 0 */
};

/* What the places across are: ascending. */
struct html_places {
    const double *values;
    size_t count;
    struct svg_axis axis;
};

/* Series are drawn in their order, the first behind. From 0 to what is greatest. A mark for each
 * place tells the figures of all series there, in the words of the axes. */
void html_series(struct html_page *page, const char *title, const char *description,
                 const struct html_places *places, const struct html_series *series, size_t count,
                 const struct svg_axis *axis);

#endif
