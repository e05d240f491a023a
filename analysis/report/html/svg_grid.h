/* SPDX-License-Identifier: MIT */
/* A grid of figures, coloured by how good they are: names of rows stand above their cells, so that
 * a phone has room for six columns. */
#ifndef ANALYSIS_SVG_GRID_H
#define ANALYSIS_SVG_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "html_page.h"

struct grid_cell {
    double goodness; /* 0: neither; doublings: 1 is full green, -1 full orange */
    bool is_best;    /* of its row: framed */
    char text[16], tip[160];
};

struct grid {
    const char *const *across; /* names of columns */
    size_t columns;
    const char *const *down; /* names of rows */
    size_t rows;
    const struct grid_cell *cells; /* row by row */
};

void svg_grid(struct html_page *page, const char *title, const char *description,
              const struct grid *grid);

#endif
