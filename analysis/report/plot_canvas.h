/* SPDX-License-Identifier: MIT */
/* Where the points of a plot stand among characters. */
#ifndef ANALYSIS_PLOT_CANVAS_H
#define ANALYSIS_PLOT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PLOT_COLUMNS = 68,
    PLOT_ROWS = 18,
    PLOT_SERIES_MAX = 33,
    PLOT_NONE = 0xff, /* nobody's cell */
    PLOT_LINE = '.',
    PLOT_SEVERAL = '*', /* points of several series */
    PLOT_ROUND_NUMBERS = 3
};

struct plot_series {
    const char *name;
    const double *y; /* one for each x; NAN: no point */
};

struct plot {
    const char *title, *x_name;
    const double *x;
    size_t count;
    struct plot_series series[PLOT_SERIES_MAX];
    size_t series_count;
};

/* From where to where an axis goes; logarithmic: both ends are above 0. */
struct plot_axis {
    double low, high;
    bool is_log;
};

/* What stands where; row 0 is the highest. */
struct plot_canvas {
    struct plot_axis x, y;
    char marks[PLOT_SERIES_MAX]; /* each series' letter */
    char cells[PLOT_ROWS][PLOT_COLUMNS];
    unsigned char owners[PLOT_ROWS][PLOT_COLUMNS]; /* the series, or PLOT_NONE */
};

/* 1, 2 and 5: the ticks of an axis are these times a power of ten. */
extern const double plot_round_numbers[PLOT_ROUND_NUMBERS];

/* From tick to tick of a linear axis that goes from 0. */
double plot_step(double high);

/* Are the values, all above 0, spread more evenly by their ratios than by their differences? */
bool plot_is_geometric(const double *values, size_t count);

/* x: from the first to the last. y: logarithmic where x is and the greatest is ten times the least;
 * else from 0. */
void plot_draw(const struct plot *plot, struct plot_canvas *canvas);

/* Where a value within the axes stands. */
int plot_column(const struct plot_canvas *canvas, double x);
int plot_row(const struct plot_canvas *canvas, double y);

#endif
