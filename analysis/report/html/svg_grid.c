/* SPDX-License-Identifier: MIT */
#include "svg_grid.h"

#include <math.h>
#include <string.h>

#include "svg.h"

enum { HEAD = 20, LABEL = 18, CELL = 22, GAP = 6 };

/* So that ink is read on it, in light and in dark. */
#define DEEPEST 0.5

static void draw_cell(struct svg *svg, const struct grid_cell *cell, double x, double width,
                      double top)
{
    double depth = DEEPEST * fmin(1, fabs(cell->goodness));
    svg_mark_begin(svg, "%s", cell->tip);
    fprintf(svg->stream,
            "<rect class=\"%s\" fill-opacity=\"%.3g\" x=\"%.5g%%\" y=\"%.5g\" width=\"%.5g%%\" "
            "height=\"%d\" />",
            cell->goodness < 0 ? "c-7" : "c-3", depth, x, top, width - 0.4, CELL);
    if (cell->is_best) {
        double right = x + width - 0.4, bottom = top + CELL;
        svg_line(svg, "whisker", x, top, right, top);
        svg_line(svg, "whisker", x, bottom, right, bottom);
        svg_line(svg, "whisker", x, top, x, bottom);
        svg_line(svg, "whisker", right, top, right, bottom);
    }
    svg_text(svg, "cell", SVG_MIDDLE, x + width / 2, 0, top + 15, "%s", cell->text);
    svg_mark_end(svg);
}

/* As much of a name as its column has room for: its end, where names differ. */
static const char *fitting(const char *name, double width)
{
    while (*name && !svg_has_room(name, width))
        name++;
    return name;
}

void svg_grid(struct html_page *page, const char *title, const char *description,
              const struct grid *grid)
{
    struct svg svg;
    double width = 100.0 / (double)(grid->columns ? grid->columns : 1);
    double row = LABEL + CELL + GAP;
    svg_begin(&svg, page, HEAD + row * (double)grid->rows, title, description);
    for (size_t i = 0; i < grid->columns; i++)
        svg_text(&svg, "tick", SVG_MIDDLE, width * ((double)i + 0.5), 0, 12, "%s",
                 fitting(grid->across[i], width));
    for (size_t r = 0; r < grid->rows; r++) {
        double top = HEAD + row * (double)r;
        svg_text(&svg, "label", SVG_START, 0, 0, top + 13, "%s", grid->down[r]);
        for (size_t i = 0; i < grid->columns; i++)
            draw_cell(&svg, &grid->cells[r * grid->columns + i], width * (double)i, width,
                      top + LABEL);
    }
    svg_end(&svg);
}
