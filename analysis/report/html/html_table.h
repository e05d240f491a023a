/* SPDX-License-Identifier: MIT */
/*
 * Tables. Figures stand with the exact value beside what is shown, in <data value>, which is also
 * their title: nothing is rounded away. A figure that is NAN was not measured: a dash.
 *
 *      static const struct html_column columns[] = {{"source"}, {"share", true}};
 *      html_table_begin(&table, &page, "Time by source", columns, 2);
 *      html_row_begin(&table);
 *      html_cell_text(&table, source->name);
 *      html_cell_share(&table, source->share);
 *      html_row_end(&table);
 *      html_table_end(&table);
 */
#ifndef ANALYSIS_HTML_TABLE_H
#define ANALYSIS_HTML_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "html_page.h"

struct html_column {
    const char *name;
    bool number; /* aligned at the right, with digits of one width */
};

struct html_table {
    struct html_page *page;
    const struct html_column *columns;
    size_t column_count, column; /* the next cell's */
};

/* `caption` names the table to those who can't see the picture beside it. */
void html_table_begin(struct html_table *table, struct html_page *page, const char *caption,
                      const struct html_column *columns, size_t column_count);
void html_table_end(struct html_table *table);
void html_row_begin(struct html_table *table);
void html_row_end(struct html_table *table);

/* The first cell of a row is its heading. */
void html_cell_text(struct html_table *table, const char *text);
void html_cell_empty(struct html_table *table);
/* The same with a swatch of the colour before it; `class`: html_colour.h. */
void html_cell_name(struct html_table *table, const char *class, const char *name);

void html_cell_code(struct html_table *table, const char *text); /* in letters of one width */
/* A bar as wide as `part`, 0 to 1, of the cell; the figure stands in another. */
void html_cell_bar(struct html_table *table, const char *class, double part);
/* A row that is the heading of those below it. */
void html_row_group(struct html_table *table, const char *text);

void html_cell_number(struct html_table *table, double value, int decimals);
void html_cell_significant(struct html_table *table, double value, int digits);
void html_cell_count(struct html_table *table, uint64_t value); /* 12 345 678 */
void html_cell_share(struct html_table *table, double part);    /* 0.123 is "12.3 %" */
void html_cell_bytes(struct html_table *table, double bytes);   /* "1.2 MiB" */
void html_cell_interval(struct html_table *table, double low, double high, double scale,
                        int decimals); /* of both times `scale`: "[1.2, 3.4]" */

/* What is shown of a figure, as the cells show it. */
const char *html_count_text(uint64_t value, char *text, size_t size);
const char *html_bytes_text(double bytes, char *text, size_t size);
const char *html_time_text(double ns, char *text, size_t size); /* "310 ns", "1.20 µs", "3.4 ms" */

#endif
