/* SPDX-License-Identifier: MIT */
/* The page of a suite: geometric means as a forest, every workload as a grid, and the losses. */
#include <math.h>
#include <stdlib.h>

#include "compare_html.h"
#include "compare_parts_html.h"
#include "html_colour.h"
#include "html_table.h"
#include "report/compare_cells.h"
#include "report/compare_suite_losses.h"
#include "svg_forest.h"
#include "svg_grid.h"

/* One of the two that a suite is about. */
struct aspect {
    const char *id, *title, *what, *first_unit;
    const struct suite_mean *means;
    bool more_is_better;
};

static double value_of(const struct aspect *aspect, const struct compare_row *row)
{
    return aspect->more_is_better ? row->ratio : row->memory_ratio;
}

static double first_of(const struct aspect *aspect, const struct compare_row *row)
{
    return aspect->more_is_better ? row->compared.median : row->max_rss_kb / 1024;
}

static size_t best_of(const struct aspect *aspect, const struct suite_workload *workload)
{
    return aspect->more_is_better ? suite_fastest(workload) : suite_leanest(workload);
}

static void means(struct html_page *page, const struct suite_report *suite,
                  const struct aspect *aspect)
{
    struct forest_row rows[COMPARE_ROWS_MAX];
    size_t count = 0;
    for (size_t i = 1; i < suite->blank->row_count; i++) {
        const struct suite_mean *mean = &aspect->means[i];
        char name[COMPARE_NAME_BYTES], range[64];
        if (!suite_shows(i) || !isfinite(mean->mean))
            continue;
        struct forest_row *row = &rows[count++];
        compare_row_name(suite->blank, i, name);
        compare_estimate_text(mean->mean, mean->range.low, mean->range.high, 3, "", range);
        *row = (struct forest_row){.mark_count = 1, .expected = {NAN, NAN}};
        snprintf(row->name, sizeof row->name, "%.60s", name);
        snprintf(row->shown, sizeof row->shown, "%s", range);
        row->marks[0] = (struct forest_mark){
            .class = html_allocator_class(name), .value = mean->mean, .range = mean->range};
        snprintf(row->marks[0].tip, sizeof row->marks[0].tip, "%.60s: mean %s of %zu workloads",
                 name, range, mean->workloads);
    }
    html_figure_begin(page, aspect->more_is_better
                                ? "Geometric means of the ratios to the first, which is the line; "
                                  "to the right is better."
                                : "Geometric means of the memory by the first's, which is the "
                                  "line; to the left is better.");
    svg_forest(page, aspect->title, "A row for each allocator, with the 95 % interval.",
               &(struct forest){rows, count, 1, {5, 10, svg_ratio_text}});
    html_figure_table(page);
    static const struct html_column columns[] = {{"allocator", false},
                                                 {"geometric mean", true},
                                                 {"95 % interval", true},
                                                 {"workloads", true},
                                                 {"of the floor's speed", true}};
    struct html_table table;
    bool has_floor = aspect->more_is_better && suite->blank->floor;
    html_table_begin(&table, page, aspect->title, columns, has_floor ? 5 : 4);
    for (size_t i = 0; i < suite->blank->row_count; i++) {
        char name[COMPARE_NAME_BYTES];
        if (!suite_shows(i))
            continue;
        html_row_begin(&table);
        html_cell_text(&table, compare_row_name(suite->blank, i, name));
        html_cell_number(&table, aspect->means[i].mean, 3);
        html_cell_interval(&table, aspect->means[i].range.low, aspect->means[i].range.high, 1, 3);
        html_cell_count(&table, aspect->means[i].workloads);
        if (has_floor)
            html_cell_number(&table, suite->of_floor[i].mean, 3);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}

static size_t shown_columns(const struct suite_report *suite, char names[][COMPARE_SHORT_BYTES],
                            size_t rows[COMPARE_ROWS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < suite->blank->row_count; i++) {
        if (!suite_shows(i))
            continue;
        compare_short_name(suite->blank, i, names[count]);
        rows[count++] = i;
    }
    return count;
}

static void fill_cell(const struct suite_report *suite, const struct aspect *aspect,
                      const struct suite_workload *workload, size_t row, struct grid_cell *cell)
{
    const struct compare_row *of = &workload->report->rows[row];
    double value = value_of(aspect, of);
    bool has = suite_has(workload, row) && isfinite(value);
    char name[COMPARE_NAME_BYTES], ratio[COMPARE_CELL_BYTES];
    *cell = (struct grid_cell){.goodness = !has                     ? 0
                                           : aspect->more_is_better ? log2(value)
                                                                    : -log2(value)};
    cell->is_best = has && row == best_of(aspect, workload);
    bool is_tie = aspect->more_is_better && of->verdict == COMPARE_TIE;
    snprintf(cell->text, sizeof cell->text, "%s%s",
             has              ? compare_ratio_text(value, ratio)
             : of->failure[0] ? "failed"
                              : "–",
             has && is_tie ? "=" : "");
    snprintf(cell->tip, sizeof cell->tip, "%s, %.60s: %s%s%s", workload->name,
             compare_row_name(suite->blank, row, name), has ? ratio : "not known",
             cell->is_best ? ", the best" : "", is_tie ? ", a tie" : "");
}

static void grid_table(struct html_page *page, const struct suite_report *suite,
                       const struct aspect *aspect, const char names[][COMPARE_SHORT_BYTES],
                       const size_t *rows, size_t count)
{
    struct html_column columns[COMPARE_ROWS_MAX + 2] = {{"workload", false},
                                                        {aspect->first_unit, true}};
    struct html_table table;
    for (size_t i = 0; i < count; i++)
        columns[2 + i] = (struct html_column){names[i], true};
    html_table_begin(&table, page, aspect->title, columns, count + 2);
    for (size_t i = 0; i < suite->workload_count; i++) {
        const struct suite_workload *workload = &suite->workloads[i];
        if (!workload->report)
            continue;
        html_row_begin(&table);
        html_cell_text(&table, workload->name);
        html_cell_significant(&table, first_of(aspect, &workload->report->rows[0]), 5);
        for (size_t k = 0; k < count; k++)
            html_cell_number(&table, value_of(aspect, &workload->report->rows[rows[k]]), 3);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void every_workload(struct html_page *page, const struct suite_report *suite,
                           const struct aspect *aspect)
{
    char names[COMPARE_ROWS_MAX][COMPARE_SHORT_BYTES];
    size_t rows[COMPARE_ROWS_MAX], count = shown_columns(suite, names, rows), done = 0;
    struct grid_cell *cells = calloc(suite->workload_count * count + 1, sizeof *cells);
    const char **across = calloc(count + 1, sizeof *across);
    const char **down = calloc(suite->workload_count + 1, sizeof *down);
    for (size_t i = 0; cells && down && across && i < suite->workload_count; i++) {
        if (!suite->workloads[i].report)
            continue;
        for (size_t k = 0; k < count; k++)
            fill_cell(suite, aspect, &suite->workloads[i], rows[k], &cells[done * count + k]);
        down[done++] = suite->workloads[i].name;
    }
    for (size_t k = 0; across && k < count; k++)
        across[k] = names[k];
    html_figure_begin(page, aspect->what);
    if (cells && down && across)
        svg_grid(page, aspect->title, "A row for each workload, a column for each allocator.",
                 &(struct grid){across, count, down, done, cells});
    html_figure_table(page);
    grid_table(page, suite, aspect, names, rows, count);
    html_figure_end(page);
    free(cells);
    free(across);
    free(down);
}

static void print_losses(const void *report, const struct terminal *terminal)
{
    suite_print_losses(report, terminal);
}

static void verdict_of(const struct suite_report *suite, char text[HTML_WORDS_BYTES])
{
    char first[COMPARE_NAME_BYTES], name[COMPARE_NAME_BYTES], range[64];
    size_t best = 0;
    compare_row_name(suite->blank, 0, first);
    for (size_t i = 2; i < suite->blank->row_count; i++) {
        if (!(suite->blank->floor && i == suite->blank->floor) && isfinite(suite->speed[i].mean) &&
            (!best || suite->speed[i].mean > suite->speed[best].mean))
            best = i;
    }
    if (!best) {
        snprintf(text, HTML_WORDS_BYTES, "There is nothing to compare %.100s with", first);
        return;
    }
    const struct suite_mean *mean = &suite->speed[best];
    compare_row_name(suite->blank, best, name);
    compare_estimate_text(mean->mean, mean->range.low, mean->range.high, 3, "", range);
    snprintf(text, HTML_WORDS_BYTES,
             mean->mean > 1 ? "%.100s leads in the mean of %zu workloads: %s times %.100s's speed"
                            : "%4$.100s leads in the mean of %2$zu workloads: the next, %1$.100s, "
                              "has %3$s of its speed",
             name, mean->workloads, range, first);
}

static void one_aspect(struct html_page *page, const struct suite_report *suite,
                       const struct aspect *aspect)
{
    html_section(page, aspect->id, aspect->title);
    means(page, suite, aspect);
    every_workload(page, suite, aspect);
}

static void losses(struct html_page *page, const struct suite_report *suite)
{
    char *text = html_printed(print_losses, suite);
    html_section(page, "losses", "Where the first loses");
    if (text)
        html_lines(page, text);
    free(text);
    for (size_t i = 0; i < suite->workload_count; i++) {
        if (suite->workloads[i].skipped[0])
            html_note(page, "%s is skipped: %s", suite->workloads[i].name,
                      suite->workloads[i].skipped);
    }
    for (size_t i = 0; i < suite->blank->note_count; i++)
        html_note(page, "%s", suite->blank->notes[i]);
}

int suite_print_html(const struct suite_report *suite, FILE *stream)
{
    const struct aspect speed = {
        "speed",
        "Speed",
        "Every workload: how many times as good as the first. Green is better "
        "than the first, orange worse; framed is the best, = a tie.",
        "of the first",
        suite->speed,
        true};
    const struct aspect memory = {
        "memory",
        "Memory",
        "Every workload: max RSS by the first's. Green is less, orange more; "
        "framed is the least.",
        "MiB of the first",
        suite->memory,
        false};
    struct html_page page;
    char verdict[HTML_WORDS_BYTES], subject[256];
    if (html_begin(&page) != 0)
        return -1;
    one_aspect(&page, suite, &speed);
    one_aspect(&page, suite, &memory);
    losses(&page, suite);
    verdict_of(suite, verdict);
    snprintf(subject, sizeof subject, "%.120s: %zu workloads, %u rounds%s, seed %ju, %.1f s",
             suite->file, suite->workload_count, suite->blank->rounds,
             suite->interrupted ? ", interrupted" : "", (uintmax_t)suite->blank->seed,
             suite->elapsed_s);
    struct html_head head = {
        "compare --suite", "hakmem-trace compare --suite", verdict, subject, {{0}}, 0};
    return html_end(&page, &head, stream);
}
