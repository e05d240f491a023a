/* SPDX-License-Identifier: MIT */
#include "compare_sweep_text.h"

#include <math.h>
#include <string.h>

#include "compare_cells.h"
#include "compare_short_name.h"
#include "compare_text.h"
#include "plot.h"
#include "text_command.h"

enum { CELL_COLUMNS = 12, VALUE_COLUMNS = 16, CELLS_MAX = 5 };

/* One of the two things shown, as a table and as a plot. */
struct figure {
    const char *title;
    double (*of)(const struct sweep_report *sweep, size_t point, size_t row);
    bool has_ties; /* verdicts are of this figure */
    bool higher_is_better;
};

static size_t best_row(const struct sweep_report *sweep, const struct figure *figure, size_t point)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < sweep->blank->row_count; i++) {
        double own = figure->of(sweep, point, i);
        double least = best == SIZE_MAX ? NAN : figure->of(sweep, point, best);
        if (!sweep_shows(i) || compare_is_floor(sweep->blank, i) || !isfinite(own))
            continue;
        if (best == SIZE_MAX || (figure->higher_is_better ? own > least : own < least))
            best = i;
    }
    return best;
}

static void print_cell(const struct sweep_report *sweep, const struct figure *figure, size_t point,
                       size_t row, const struct terminal *terminal)
{
    char text[COMPARE_CELL_BYTES];
    const struct compare_row *of = &sweep->points[point].report->rows[row];
    bool is_best = row == best_row(sweep, figure, point);
    bool is_tie = figure->has_ties && of->verdict == COMPARE_TIE;
    const char *shown = of->failure[0] && !compare_is_floor(sweep->blank, row)
                            ? "failed"
                            : compare_figure_text(figure->of(sweep, point, row), text);
    terminal_bold(terminal, is_best);
    fprintf(terminal->stream, "%*s%c", CELL_COLUMNS - 1, shown, is_best ? '*' : is_tie ? '=' : ' ');
    terminal_bold(terminal, false);
}

static void print_head_row(const struct sweep_report *sweep, const size_t *rows, size_t count,
                           const struct terminal *terminal)
{
    char name[COMPARE_SHORT_BYTES], shown[VALUE_COLUMNS + 1];
    terminal_bold(terminal, true);
    compare_name_text(sweep->name, VALUE_COLUMNS - 1, shown);
    fprintf(terminal->stream, "%*s", VALUE_COLUMNS, shown);
    for (size_t i = 0; i < count; i++) {
        compare_short_name(sweep->blank, rows[i], name);
        compare_name_text(name, CELL_COLUMNS - 2, shown);
        fprintf(terminal->stream, "%*s ", CELL_COLUMNS - 1, shown);
    }
    terminal_bold(terminal, false);
    fputc('\n', terminal->stream);
}

static void print_columns(const struct sweep_report *sweep, const struct figure *figure,
                          const size_t *rows, size_t count, const struct terminal *terminal)
{
    print_head_row(sweep, rows, count, terminal);
    for (size_t point = 0; point < sweep->point_count && sweep->points[point].report; point++) {
        fprintf(terminal->stream, "%*ju", VALUE_COLUMNS, (uintmax_t)sweep->points[point].value);
        for (size_t i = 0; i < count; i++)
            print_cell(sweep, figure, point, rows[i], terminal);
        fputc('\n', terminal->stream);
    }
}

/* As many allocators beside each other as 80 columns hold; the others below. */
static void print_table(const struct sweep_report *sweep, const struct figure *figure,
                        const struct terminal *terminal)
{
    size_t rows[COMPARE_ROWS_MAX], count = 0;
    fprintf(terminal->stream, "\n%s\n", figure->title);
    for (size_t i = 0; i < sweep->blank->row_count; i++) {
        if (sweep_shows(i))
            rows[count++] = i;
    }
    for (size_t i = 0; i < count; i += CELLS_MAX)
        print_columns(sweep, figure, rows + i, count - i < CELLS_MAX ? count - i : CELLS_MAX,
                      terminal);
}

static void print_plot(const struct sweep_report *sweep, const struct figure *figure,
                       const struct terminal *terminal)
{
    static char names[COMPARE_ROWS_MAX][COMPARE_SHORT_BYTES];
    static double x[SWEEP_POINTS_MAX], y[COMPARE_ROWS_MAX][SWEEP_POINTS_MAX];
    struct plot plot = {.title = figure->title, .x_name = sweep->name, .x = x};
    while (plot.count < sweep->point_count && sweep->points[plot.count].report) {
        x[plot.count] = (double)sweep->points[plot.count].value;
        plot.count++;
    }
    if (plot.count < 2)
        return;
    for (size_t i = 0; i < sweep->blank->row_count; i++) {
        if (!sweep_shows(i))
            continue;
        for (size_t point = 0; point < plot.count; point++)
            y[i][point] = figure->of(sweep, point, i);
        compare_short_name(sweep->blank, i, names[i]);
        plot.series[plot.series_count++] = (struct plot_series){names[i], y[i]};
    }
    fputc('\n', terminal->stream);
    plot_print(&plot, terminal);
}

static void print_head(const struct sweep_report *sweep, const struct terminal *terminal)
{
    const struct compare_report *blank = sweep->blank;
    FILE *stream = terminal->stream;
    size_t done = 0;
    for (size_t i = 0; i < sweep->point_count; i++)
        done += sweep->points[i].report && sweep->points[i].report->rounds_done == blank->rounds;
    print_words(terminal, "hakmem-trace compare --sweep:", sweep->command);
    fprintf(stream, "\n%zu values", done);
    if (sweep->interrupted)
        fprintf(stream, " of %zu: interrupted", sweep->point_count);
    fprintf(stream, ", %u rounds, seed %ju, ", blank->rounds, (uintmax_t)blank->seed);
    if (blank->core >= 0)
        fprintf(stream, "core %d", blank->core);
    else
        fputs("any core", stream);
    fprintf(stream, ", %.1f s\n", sweep->elapsed_s);
}

/* Of one value: what failed, what disturbed. */
static void print_point_notes(const struct sweep_report *sweep, const struct sweep_point *point,
                              const struct terminal *terminal)
{
    const struct compare_report *report = point->report;
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        if (!row->failure[0] || compare_is_floor(report, i))
            continue;
        fprintf(terminal->stream, "note: %s %ju failed under ", sweep->name,
                (uintmax_t)point->value);
        terminal_text(terminal, row->name);
        fprintf(terminal->stream, "%s: %s\n", i == COMPARE_CONTROL ? ", again" : "", row->failure);
    }
    if (report->is_disturbed)
        fprintf(terminal->stream, "note: disturbed at %s %ju: others kept %.2f cores busy\n",
                sweep->name, (uintmax_t)point->value,
                fmax(report->others_cores, report->stolen_cores));
}

static void print_notes(const struct sweep_report *sweep, const struct terminal *terminal)
{
    char first[COMPARE_SHORT_BYTES];
    compare_short_name(sweep->blank, 0, first);
    fputs("\nmedians; * the best, = a tie with ", terminal->stream);
    terminal_text(terminal, first);
    fputs(", by its control\n", terminal->stream);
    if (!sweep->blank->metric)
        fputs("cost: wall time of the whole command; for ns per operation of our workloads add\n"
              "    --metric '([0-9.]+) M ops/s'\n",
              terminal->stream);
    compare_print_notes(sweep->blank, terminal);
    bool has_failure = false;
    for (size_t i = 0; i < sweep->point_count && sweep->points[i].report; i++) {
        print_point_notes(sweep, &sweep->points[i], terminal);
        has_failure |= compare_has_failure(sweep->points[i].report);
    }
    if (has_failure)
        fputs("note: --details tells more of what failed\n", terminal->stream);
}

void sweep_print_text(const struct sweep_report *sweep, bool details, FILE *stream)
{
    const struct compare_report *blank = sweep->blank;
    const char *unit = sweep_cost_unit(sweep);
    const struct figure figures[] = {
        {unit, sweep_cost, true, strcmp(unit, "figure") == 0 && blank->higher_is_better},
        {"max RSS, MiB", sweep_rss_mib, false, false}};
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_head(sweep, &terminal);
    for (size_t i = 0; i < 2; i++)
        print_table(sweep, &figures[i], &terminal);
    print_notes(sweep, &terminal);
    for (size_t i = 0; i < 2; i++)
        print_plot(sweep, &figures[i], &terminal);
    for (size_t i = 0; i < sweep->point_count && sweep->points[i].report && details; i++) {
        fputc('\n', stream);
        compare_print_text(sweep->points[i].report, true, stream);
    }
}
