/* SPDX-License-Identifier: MIT */
/*
 * A screen in memory: cells of one character each. Sections write into rectangles of it, which clip
 * them, so no line is ever wider than the screen; it is printed as plain lines or drawn by ncurses.
 */
#ifndef ANALYSIS_TOP_GRID_H
#define ANALYSIS_TOP_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

enum { TOP_COLUMNS_MAX = 200, TOP_ROWS_MAX = 520 };

enum top_style {
    TOP_PLAIN,
    TOP_BOLD,   /* figures to be seen first */
    TOP_TITLE,  /* of a section */
    TOP_CHOSEN, /* the row that Enter would take */
    TOP_DIM,    /* what explains */
    TOP_GOOD,   /* bars of the program's own time */
    TOP_BAD,    /* bars of malloc's */
    TOP_KERNEL, /* bars of the kernel's */
    TOP_STYLES
};

struct top_cell {
    wchar_t character;
    unsigned char style;
};

struct top_grid {
    int columns, rows;
    bool utf8; /* else ASCII alone is drawn */
    struct top_cell cells[TOP_ROWS_MAX][TOP_COLUMNS_MAX];
};

/* A rectangle of the grid; written from its own corner, clipped at its edges. */
struct top_area {
    struct top_grid *grid;
    int row, column, rows, columns;
};

/* All blank, of at most the greatest size. */
void top_grid_clear(struct top_grid *grid, int columns, int rows, bool utf8);

/* The part of `area` that starts there; sizes beyond its edges are cut. */
struct top_area top_area_part(const struct top_area *area, int row, int column, int rows,
                              int columns);

/* Writes text; the column after it. Characters that can't be shown in one cell become `?`, since
 * names are somebody else's. */
__attribute__((format(printf, 5, 6))) int top_put(const struct top_area *area, int row, int column,
                                                  enum top_style style, const char *format, ...);

/* The same, ending before `column`. */
__attribute__((format(printf, 5, 6))) void top_put_right(const struct top_area *area, int row,
                                                         int column, enum top_style style,
                                                         const char *format, ...);

/* A bar of `part` (0..1; NAN: none) of `width` columns. */
void top_bar(const struct top_area *area, int row, int column, int width, enum top_style style,
             double part);

/* One column for each of the last `width` of the values, as high as it is of the greatest; NAN: a
 * blank. `stride`: from value to value, in doubles. */
void top_spark(const struct top_area *area, int row, int column, int width, const double *values,
               size_t count, size_t stride);

/* As lines, without the blanks at their ends. */
void top_grid_print(const struct top_grid *grid, FILE *stream);

#endif
