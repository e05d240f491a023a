/* SPDX-License-Identifier: MIT */
/* The page of a sweep: how cost and memory grow, as lines. */
#include <math.h>
#include <stdlib.h>

#include "compare_html.h"
#include "compare_parts_html.h"
#include "html_colour.h"
#include "html_table.h"
#include "svg_lines.h"

typedef double cell_of(const struct sweep_report *sweep, size_t point, size_t row);

static const char *mib_text(double mib, char *text, size_t size)
{
    return html_bytes_text(mib * 1024 * 1024, text, size);
}

static void table_of(struct html_page *page, const struct sweep_report *sweep, const char *title,
                     cell_of *cell)
{
    struct html_column columns[COMPARE_ROWS_MAX + 1] = {{sweep->name, true}};
    char names[COMPARE_ROWS_MAX][COMPARE_SHORT_BYTES];
    size_t count = 1;
    for (size_t i = 0; i < sweep->blank->row_count; i++) {
        compare_short_name(sweep->blank, i, names[i]);
        if (sweep_shows(i))
            columns[count++] = (struct html_column){names[i], true};
    }
    struct html_table table;
    html_table_begin(&table, page, title, columns, count);
    for (size_t p = 0; p < sweep->point_count; p++) {
        char value[24];
        if (!sweep->points[p].report)
            continue;
        snprintf(value, sizeof value, "%ju", (uintmax_t)sweep->points[p].value);
        html_row_begin(&table);
        html_cell_text(&table, value);
        for (size_t i = 0; i < sweep->blank->row_count; i++) {
            if (sweep_shows(i))
                html_cell_significant(&table, cell(sweep, p, i), 5);
        }
        html_row_end(&table);
    }
    html_table_end(&table);
}

/* The points that were measured, the least value first: the user may have named them in any order.
 */
static size_t by_value(const struct sweep_report *sweep, size_t order[SWEEP_POINTS_MAX])
{
    size_t count = 0;
    for (size_t p = 0; p < sweep->point_count; p++) {
        if (!sweep->points[p].report)
            continue;
        size_t place = count++;
        for (; place && sweep->points[order[place - 1]].value > sweep->points[p].value; place--)
            order[place] = order[place - 1];
        order[place] = p;
    }
    return count;
}

static void growth(struct html_page *page, const struct sweep_report *sweep, const char *title,
                   const char *unit, cell_of *cell, const struct svg_axis *down)
{
    size_t rows = sweep->blank->row_count;
    struct lines_series *series = calloc(rows + 1, sizeof *series);
    double *values = calloc(rows * SWEEP_POINTS_MAX + 1, sizeof *values);
    double x[SWEEP_POINTS_MAX];
    struct lines lines = {x, 0, series, 0, sweep->name, unit, {5, 10, svg_number_text}, *down};
    size_t order[SWEEP_POINTS_MAX], places = by_value(sweep, order);
    for (size_t p = 0; p < places; p++) {
        for (size_t i = 0; values && i < rows; i++)
            values[i * SWEEP_POINTS_MAX + p] = cell(sweep, order[p], i);
        x[p] = (double)sweep->points[order[p]].value;
    }
    for (size_t i = 0; values && series && i < rows; i++) {
        char name[COMPARE_SHORT_BYTES];
        if (!sweep_shows(i))
            continue;
        compare_short_name(sweep->blank, i, name);
        struct lines_series *one = &series[lines.series_count++];
        *one = (struct lines_series){"", html_allocator_class(name), values + i * SWEEP_POINTS_MAX};
        snprintf(one->name, sizeof one->name, "%.60s", name);
    }
    lines.place_count = values ? places : 0;
    svg_lines(page, title, "A line for each allocator: medians of the rounds.", &lines);
    html_figure_table(page);
    table_of(page, sweep, title, cell);
    html_figure_end(page);
    free(series);
    free(values);
}

static size_t best_at(const struct sweep_report *sweep, size_t point)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < sweep->blank->row_count; i++) {
        double cost = sweep_cost(sweep, point, i);
        if (sweep_shows(i) && !(sweep->blank->floor && i == sweep->blank->floor) &&
            isfinite(cost) && (best == SIZE_MAX || cost < sweep_cost(sweep, point, best)))
            best = i;
    }
    return best;
}

/* By medians; what is a tie the tables of text say. */
static void verdict_of(const struct sweep_report *sweep, char text[HTML_WORDS_BYTES])
{
    size_t wins = 0, done = 0;
    char first[COMPARE_NAME_BYTES];
    for (size_t p = 0; p < sweep->point_count; p++) {
        size_t best = sweep->points[p].report ? best_at(sweep, p) : SIZE_MAX;
        done += best != SIZE_MAX;
        wins += best == 0;
    }
    snprintf(text, HTML_WORDS_BYTES, "%.100s has the least cost at %zu of %zu values of %.60s",
             compare_row_name(sweep->blank, 0, first), wins, done, sweep->name);
}

int sweep_print_html(const struct sweep_report *sweep, FILE *stream)
{
    struct html_page page;
    char verdict[HTML_WORDS_BYTES], subject[1024], title[COMPARE_TITLE_BYTES];
    const char *unit = sweep_cost_unit(sweep);
    if (html_begin(&page) != 0)
        return -1;
    html_section(&page, "cost", "Cost");
    html_figure_begin(&page, unit);
    growth(&page, sweep, "Cost", unit, sweep_cost, &(struct svg_axis){5, 10, svg_number_text});
    html_section(&page, "memory", "Memory");
    html_figure_begin(&page, "Resident memory at its most");
    growth(&page, sweep, "Memory, MiB", "MiB", sweep_rss_mib, &(struct svg_axis){5, 2, mib_text});
    html_section(&page, "notes", "What else to know");
    html_paragraph(&page, "%u rounds at each value, seed %ju, %.1f s%s.", sweep->blank->rounds,
                   (uintmax_t)sweep->blank->seed, sweep->elapsed_s,
                   sweep->interrupted ? ", interrupted" : "");
    for (size_t i = 0; i < sweep->blank->note_count; i++)
        html_note(&page, "%s", sweep->blank->notes[i]);
    verdict_of(sweep, verdict);
    compare_words(sweep->command, subject, sizeof subject);
    struct html_head head = {"compare --sweep",
                             compare_title("compare --sweep", sweep->command, title),
                             verdict,
                             subject,
                             {{0}},
                             0};
    return html_end(&page, &head, stream);
}
