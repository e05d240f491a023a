/* SPDX-License-Identifier: MIT */
#include "why_tables.h"

#include <math.h>
#include <string.h>

#include "compare_cells.h"
#include "compare_short_name.h"
#include "waterfall_bar.h"
#include "why_words.h"

enum {
    RANGE_COLUMNS = 17,
    BAR_COLUMNS = 14,
    BAR_COLUMNS_MAX = 50,
    BESIDE_BAR = 66,
    COUNT_COLUMNS = 7
};

/* A side's name for a column, right behind a space. */
static void print_side(const struct why_report *report, int side, int columns, FILE *stream)
{
    char name[COMPARE_SHORT_BYTES], shown[COMPARE_SHORT_BYTES];
    compare_short_name(&report->comparison, side == WATERFALL_A ? WHY_ROW_A : WHY_ROW_B, name);
    compare_name_text(name, (size_t)columns - 1, shown);
    fprintf(stream, "%*s", columns, shown);
}

/* The same where columns are narrow: its letter where the names are long. */
static void print_narrow_side(const struct why_report *report, int side, FILE *stream)
{
    char names[WATERFALL_SIDES][COMPARE_SHORT_BYTES];
    bool fits = true;
    for (int i = 0; i < WATERFALL_SIDES; i++) {
        compare_short_name(&report->comparison, i == WATERFALL_A ? WHY_ROW_A : WHY_ROW_B, names[i]);
        fits &= strlen(names[i]) < COUNT_COLUMNS;
    }
    if (fits)
        print_side(report, side, COUNT_COLUMNS, stream);
    else
        fprintf(stream, "%*c", COUNT_COLUMNS, side == WATERFALL_A ? 'A' : 'B');
}

static const char *mark_of(enum why_sign sign)
{
    return sign == WHY_SAME ? "=" : "";
}

static const char *signed_text(double value, const char *format, char text[WHY_CELL])
{
    if (!isfinite(value))
        return "-";
    snprintf(text, WHY_CELL, format, value);
    return text;
}

static enum terminal_colour colour_of(enum why_sign sign)
{
    return sign == WHY_LESS ? TERMINAL_GREEN : sign == WHY_MORE ? TERMINAL_RED : TERMINAL_PLAIN;
}

struct table {
    const struct why_report *report;
    const struct terminal *terminal;
    struct waterfall_axis axis;
    double at; /* where the last bar ended */
};

static void print_row(struct table *table, const char *name, const struct waterfall_value *value,
                      enum why_sign sign)
{
    FILE *stream = table->terminal->stream;
    char a[WHY_CELL], b[WHY_CELL], more[WHY_CELL], range[WHY_CELL];
    fprintf(stream, "%-*s%*s%*s %*s%1s%-*s", WHY_NAME_COLUMNS, name, WHY_SIDE_COLUMNS,
            why_cost_text(value->of[WATERFALL_A], a), WHY_SIDE_COLUMNS,
            why_cost_text(value->of[WATERFALL_B], b), WHY_SIDE_COLUMNS - 1,
            signed_text(value->difference, "%+.2f", more), mark_of(sign),
            isnan(table->at) ? 0 : RANGE_COLUMNS + 1, why_range_text(&value->range, 1, range));
    terminal_colour(table->terminal, colour_of(sign));
    waterfall_bar(&table->axis, table->terminal, table->at, table->at + value->difference);
    terminal_colour(table->terminal, TERMINAL_PLAIN);
    fputc('\n', stream);
    table->at += value->difference;
}

/* One of the two ends: a bar from the left. */
static void print_end(const struct table *table, int side)
{
    double cost = table->report->fall.measured.of[side];
    FILE *stream = table->terminal->stream;
    char text[WHY_CELL];
    print_side(table->report, side, WHY_NAME_COLUMNS, stream);
    fprintf(stream, "%*s%*s", (1 + side) * WHY_SIDE_COLUMNS, why_cost_text(cost, text),
            (1 - side) * WHY_SIDE_COLUMNS + 2 + WHY_SIDE_COLUMNS + RANGE_COLUMNS, "");
    waterfall_bar(&table->axis, table->terminal, table->axis.low, cost);
    fputc('\n', stream);
}

/* Even, for the two figures above it. */
static int bar_columns(const struct terminal *terminal)
{
    int columns = terminal->width - BESIDE_BAR;
    columns = columns < BAR_COLUMNS ? BAR_COLUMNS : columns;
    return (columns < BAR_COLUMNS_MAX ? columns : BAR_COLUMNS_MAX) / 2 * 2;
}

static void find_axis(const struct why_report *report, const size_t *order, size_t count,
                      struct waterfall_axis *axis)
{
    const struct waterfall *fall = &report->fall;
    double at = fall->measured.of[WATERFALL_A];
    axis->low = axis->high = NAN;
    waterfall_axis_take(axis, at);
    for (size_t i = 0; i < count; i++)
        waterfall_axis_take(axis, at += fall->parts[order[i]].difference);
    waterfall_axis_take(axis, fall->measured.of[WATERFALL_B]);
    waterfall_axis_widen(axis);
}

static void print_heading(const struct why_report *report, const char *title, const char *last,
                          const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    terminal_bold(terminal, true);
    fprintf(stream, "%-*s", WHY_NAME_COLUMNS, title);
    print_side(report, WATERFALL_A, WHY_SIDE_COLUMNS, stream);
    print_side(report, WATERFALL_B, WHY_SIDE_COLUMNS, stream);
    fprintf(stream, " %*s  %-*s%s\n", WHY_SIDE_COLUMNS - 1, "B - A", *last ? RANGE_COLUMNS : 0,
            "95 % interval", last);
    terminal_bold(terminal, false);
}

static void print_waterfall_rows(struct table *table, const size_t *order, size_t count)
{
    const struct waterfall *fall = &table->report->fall;
    print_end(table, WATERFALL_A);
    for (size_t i = 0; i < count; i++)
        print_row(table, step_part_names[order[i]], &fall->parts[order[i]],
                  table->report->signs[order[i]]);
    print_row(table, "unexplained", &fall->unexplained, WHY_UNTOLD);
    print_end(table, WATERFALL_B);
}

void why_print_waterfall(const struct why_report *report, const struct terminal *terminal)
{
    const struct waterfall *fall = &report->fall, *control = &report->control;
    struct table table = {report, terminal, {NAN, NAN, bar_columns(terminal)}, NAN};
    size_t order[STEP_PARTS], count = why_order(report, order);
    char title[64], last[64], low[WHY_CELL], high[WHY_CELL];
    if (!fall->rounds)
        return;
    find_axis(report, order, count, &table.axis);
    snprintf(title, sizeof title, "%s", why_unit_names[report->unit]);
    last[0] = '\0';
    if (report->has_parts)
        snprintf(last, sizeof last, "%-*s%*s", table.axis.columns / 2,
                 why_cost_text(table.axis.low, low), table.axis.columns / 2,
                 why_cost_text(table.axis.high, high));
    table.at = fall->measured.of[WATERFALL_A];
    print_heading(report, title, last, terminal);
    if (report->has_parts)
        print_waterfall_rows(&table, order, count);
    table.at = NAN; /* no bars below */
    print_row(&table, "measured", &fall->measured,
              why_sign_of(&fall->measured, &control->measured));
    if (report->has_parts)
        print_row(&table, "sum of the parts", &fall->sum, WHY_UNTOLD);
    print_row(&table, "control: A again", &control->measured, WHY_UNTOLD);
    fputs("= can't be told from nothing, or from what A differs from itself\n\n", terminal->stream);
}

static void print_counts(const struct why_report *report, int part, const char *name, FILE *stream)
{
    static const enum why_kind kinds[] = {WHY_MALLOC, WHY_FREE, WHY_KINDS};
    fprintf(stream, "%-16s", name);
    for (size_t k = 0; k < 3; k++) {
        char cells[3][WHY_CELL];
        double a = why_instructions_of(&report->instructions[WATERFALL_A], part, kinds[k]);
        double b = why_instructions_of(&report->instructions[WATERFALL_B], part, kinds[k]);
        fprintf(stream, "%7s%7s%7s", signed_text(a, "%.1f", cells[0]),
                signed_text(b, "%.1f", cells[1]), signed_text(b - a, "%+.1f", cells[2]));
    }
    fputc('\n', stream);
}

static bool is_counted(const struct why_report *report, int part)
{
    for (int side = 0; side < WATERFALL_SIDES; side++) {
        for (int k = 0; k < WHY_KINDS; k++) {
            if (report->instructions[side].by[part][k])
                return true;
        }
    }
    return false;
}

void why_print_instructions(const struct why_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    double a = why_instructions_of(&report->instructions[WATERFALL_A], STEP_PARTS, WHY_KINDS);
    double b = why_instructions_of(&report->instructions[WATERFALL_B], STEP_PARTS, WHY_KINDS);
    if (isnan(a) && isnan(b))
        return;
    terminal_bold(terminal, true);
    fprintf(stream, "%-16s%21s%21s%21s\n%-16s", "instructions", "a malloc", "a free", "any call",
            "stepped, exact");
    for (int k = 0; k < 3; k++) {
        print_narrow_side(report, WATERFALL_A, stream);
        print_narrow_side(report, WATERFALL_B, stream);
        fprintf(stream, "%7s", "B - A");
    }
    fputc('\n', stream);
    terminal_bold(terminal, false);
    for (int part = PART_HEADER; part <= PART_UNKNOWN; part++) {
        if (is_counted(report, part))
            print_counts(report, part, step_part_names[part], stream);
    }
    if (is_counted(report, PART_APPLICATION))
        print_counts(report, PART_APPLICATION, "other libraries", stream);
    print_counts(report, STEP_PARTS, "all", stream);
    fputc('\n', stream);
}

/* In the same columns as the waterfall. */
void why_print_figures(const struct why_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    if (!report->fall.rounds)
        return;
    print_heading(report, "besides, medians", "", terminal);
    for (size_t i = 0; i < report->figure_count; i++) {
        const struct why_figure *figure = &report->figures[i];
        char cells[5][COMPARE_CELL_BYTES], range[RANGE_COLUMNS * 4] = "";
        if (isfinite(figure->range.low))
            snprintf(range, sizeof range, " [%s, %s]",
                     compare_figure_text(figure->range.low, cells[3]),
                     compare_figure_text(figure->range.high, cells[4]));
        fprintf(stream, "%-*s%*s%*s %*s%1s%s\n", WHY_NAME_COLUMNS + 2, figure->name,
                WHY_SIDE_COLUMNS - 2, compare_figure_text(figure->of[WATERFALL_A], cells[0]),
                WHY_SIDE_COLUMNS, compare_figure_text(figure->of[WATERFALL_B], cells[1]),
                WHY_SIDE_COLUMNS - 1, compare_figure_text(figure->difference, cells[2]),
                mark_of(figure->sign), range);
    }
}
