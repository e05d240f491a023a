/* SPDX-License-Identifier: MIT */
#include "compare_suite_tables.h"

#include <math.h>
#include <string.h>

#include "compare_cells.h"
#include "compare_short_name.h"

enum { NAME_COLUMNS = SUITE_NAME_MAX + 1, FIGURE_COLUMNS = 8, CELL_MIN = 9, CELL_MAX = 18 };

struct table {
    const struct terminal *terminal;
    const struct suite_report *suite;
    int cell; /* columns of an allocator */
};

static size_t row_count(const struct table *table)
{
    return table->suite->blank->row_count;
}

/* As wide as the names want to be, if the terminal allows it. */
static int cell_columns(const struct suite_report *suite, const struct terminal *terminal)
{
    char name[COMPARE_SHORT_BYTES];
    int longest = 0, columns = (int)suite->blank->row_count - 1;
    for (size_t i = 0; i < suite->blank->row_count; i++) {
        compare_short_name(suite->blank, i, name);
        longest = (int)strlen(name) > longest ? (int)strlen(name) : longest;
    }
    int room = (terminal->width - NAME_COLUMNS - FIGURE_COLUMNS) / columns;
    int limit = room < CELL_MIN ? CELL_MAX : room < CELL_MAX ? room : CELL_MAX;
    int cell = longest + 1 < limit ? longest + 1 : limit;
    return cell < CELL_MIN ? CELL_MIN : cell;
}

static void print_head_row(const struct table *table, const char *what, const char *unit)
{
    FILE *stream = table->terminal->stream;
    fputc('\n', stream);
    terminal_bold(table->terminal, true);
    fprintf(stream, "%-*s%*s", NAME_COLUMNS, what, FIGURE_COLUMNS, unit);
    for (size_t i = 0; i < row_count(table); i++) {
        char name[COMPARE_SHORT_BYTES], shown[CELL_MAX + 1];
        if (!suite_shows(i))
            continue;
        compare_short_name(table->suite->blank, i, name);
        compare_name_text(name, (size_t)table->cell - 1, shown);
        fprintf(stream, "%*s", table->cell, shown);
    }
    terminal_bold(table->terminal, false);
    fputc('\n', stream);
}

/* The mark stands in the last column, so that the figures stand below each other. */
static void print_cell(const struct table *table, const char *text, char mark)
{
    bool is_best = mark == '*';
    if (is_best)
        terminal_bold(table->terminal, true);
    fprintf(table->terminal->stream, "%*s%c", table->cell - 1, text, mark);
    if (is_best)
        terminal_bold(table->terminal, false);
}

static const char *cell_text(const struct suite_workload *workload, size_t row, double value,
                             char text[COMPARE_CELL_BYTES])
{
    const struct compare_report *report = workload->report;
    if (report && report->rows[row].failure[0])
        return compare_is_floor(report, row) ? "-" : "failed";
    return compare_ratio_text(value, text);
}

static void print_figure(const struct table *table, const char *name, double figure)
{
    char text[COMPARE_CELL_BYTES];
    fprintf(table->terminal->stream, "%-*s%*s", NAME_COLUMNS, name, FIGURE_COLUMNS,
            isfinite(figure) ? compare_figure_text(figure, text) : "");
}

static void print_speed(const struct table *table, const struct suite_workload *workload)
{
    const struct compare_report *report = workload->report;
    size_t best = suite_fastest(workload);
    print_figure(table, workload->name, report->rows[0].compared.median);
    for (size_t i = 0; i < row_count(table); i++) {
        char text[COMPARE_CELL_BYTES];
        const struct compare_row *row = &report->rows[i];
        char mark = i == best ? '*' : row->verdict == COMPARE_TIE ? '=' : ' ';
        if (suite_shows(i))
            print_cell(table, cell_text(workload, i, row->ratio, text), mark);
    }
    fputc('\n', table->terminal->stream);
}

/* What stayed resident by what was live. */
static void print_resident(const struct table *table, const struct suite_workload *workload)
{
    const struct compare_report *report = workload->report;
    double live_kb = NAN;
    for (size_t i = 0; i < row_count(table) && isnan(live_kb); i++)
        live_kb = report->rows[i].live_kb;
    if (isnan(live_kb))
        return;
    print_figure(table, "  then, of live", live_kb / 1024);
    for (size_t i = 0; i < row_count(table); i++) {
        char text[COMPARE_CELL_BYTES];
        const struct compare_row *row = &report->rows[i];
        if (suite_shows(i))
            print_cell(table, cell_text(workload, i, row->resident_kb / row->live_kb, text), ' ');
    }
    fputc('\n', table->terminal->stream);
}

static void print_memory(const struct table *table, const struct suite_workload *workload)
{
    const struct compare_report *report = workload->report;
    size_t best = suite_leanest(workload);
    print_figure(table, workload->name, report->rows[0].max_rss_kb / 1024);
    for (size_t i = 0; i < row_count(table); i++) {
        char text[COMPARE_CELL_BYTES];
        if (suite_shows(i))
            print_cell(table, cell_text(workload, i, report->rows[i].memory_ratio, text),
                       i == best ? '*' : ' ');
    }
    fputc('\n', table->terminal->stream);
    print_resident(table, workload);
}

enum part { MEAN, LOW, HIGH };

static void print_mean_row(const struct table *table, const char *name,
                           const struct suite_mean *means, enum part part)
{
    print_figure(table, name, NAN);
    for (size_t i = 0; i < row_count(table); i++) {
        char text[COMPARE_CELL_BYTES];
        double value = part == MEAN  ? means[i].mean
                       : part == LOW ? means[i].range.low
                                     : means[i].range.high;
        if (suite_shows(i))
            print_cell(table, compare_ratio_text(value, text), ' ');
    }
    fputc('\n', table->terminal->stream);
}

static void print_means(const struct table *table, const struct suite_mean *means)
{
    terminal_bold(table->terminal, true);
    print_mean_row(table, "geometric mean", means, MEAN);
    terminal_bold(table->terminal, false);
    print_mean_row(table, "  95 % from", means, LOW);
    print_mean_row(table, "       to", means, HIGH);
    print_figure(table, "  workloads in it", NAN);
    for (size_t i = 0; i < row_count(table); i++) {
        char text[COMPARE_CELL_BYTES];
        snprintf(text, sizeof text, "%zu", means[i].workloads);
        if (suite_shows(i))
            print_cell(table, text, ' ');
    }
    fputc('\n', table->terminal->stream);
}

static void print_table(const struct table *table,
                        void (*print)(const struct table *, const struct suite_workload *))
{
    const struct suite_report *suite = table->suite;
    for (size_t i = 0; i < suite->workload_count; i++) {
        if (suite->workloads[i].report)
            print(table, &suite->workloads[i]);
    }
}

static void print_speed_table(const struct table *table, const char *first)
{
    const struct suite_report *suite = table->suite;
    print_head_row(table, "speed", "figure");
    print_table(table, print_speed);
    print_means(table, suite->speed);
    if (suite->blank->floor) {
        print_mean_row(table, "mean of floor", suite->of_floor, MEAN);
        print_mean_row(table, "  95 % from", suite->of_floor, LOW);
        print_mean_row(table, "       to", suite->of_floor, HIGH);
    }
    fprintf(table->terminal->stream,
            "figure: that of %s; the others: how many times as good, above 1 is better\n"
            "* the best    = a tie with %s, by its control\n",
            first, first);
}

static void print_memory_table(const struct table *table, const char *first)
{
    print_head_row(table, "memory", "MiB");
    print_table(table, print_memory);
    print_means(table, table->suite->memory);
    fprintf(table->terminal->stream,
            "MiB: max RSS of %s; the others: how many times as much, below 1 is better\n"
            "then, of live: the MiB that the program still held in the end, and how many\n"
            "times as much was resident then\n",
            first);
}

void suite_print_tables(const struct suite_report *suite, const struct terminal *terminal)
{
    struct table table = {
        .terminal = terminal, .suite = suite, .cell = cell_columns(suite, terminal)};
    char name[COMPARE_SHORT_BYTES], first[COMPARE_SHORT_BYTES];
    compare_short_name(suite->blank, 0, name);
    compare_name_text(name, 20, first);
    print_speed_table(&table, first);
    print_memory_table(&table, first);
}
