/* SPDX-License-Identifier: MIT */
#include "why_steps_html.h"

#include <math.h>
#include <stdlib.h>

#include "html_bars.h"
#include "html_colour.h"
#include "html_table.h"

/* A stack of the parts of one side; `of` says how much each is. */
struct side {
    struct html_bar bars[STEP_PARTS];
    char shown[64];
};

static void add_part(struct side *side, size_t *count, int part, double value, const char *unit,
                     const char *what)
{
    struct html_bar *bar = &side->bars[*count];
    if (!(value > 0))
        return;
    ++*count;
    *bar = (struct html_bar){
        step_part_names[part], html_source_class(step_part_names[part]), value, NAN, NAN, "", ""};
    snprintf(bar->tip, sizeof bar->tip, "%.60s, %s: %.2f %s", what, bar->name, value, unit);
}

static void key_of(struct html_page *page, const bool seen[STEP_PARTS])
{
    html_key_begin(page);
    for (int part = 0; part < STEP_PARTS; part++) {
        if (seen[part])
            html_key_item(page, html_source_class(step_part_names[part]), step_part_names[part],
                          NULL);
    }
    html_key_end(page);
}

void why_html_parts(struct html_page *page, const struct why_report *report, why_side_names names)
{
    static struct side sides[WATERFALL_SIDES];
    struct html_stack stacks[WATERFALL_SIDES];
    bool seen[STEP_PARTS] = {false};
    const char *unit = why_unit_short[report->unit];
    for (int s = 0; s < WATERFALL_SIDES; s++) {
        size_t count = 0;
        double sum = 0;
        for (int part = 0; part < STEP_PARTS; part++) {
            double value = report->fall.parts[part].of[s];
            add_part(&sides[s], &count, part, value, unit, names[s]);
            seen[part] |= value > 0;
            sum += value > 0 ? value : 0;
        }
        snprintf(sides[s].shown, sizeof sides[s].shown, "%.2f %s", sum, unit);
        stacks[s] = (struct html_stack){names[s], sides[s].shown, sides[s].bars, count};
    }
    html_section(page, "parts", "Side by side");
    html_figure_begin(page, "What each of the two spends, by part.");
    key_of(page, seen);
    html_stacks(page, "Time by part", "A stacked bar for each of the two.", stacks, WATERFALL_SIDES,
                0);
    html_figure_table(page);
    const struct html_column columns[] = {
        {why_unit_names[report->unit], false}, {names[0], true}, {names[1], true}};
    struct html_table table;
    html_table_begin(&table, page, "Time by part", columns, 3);
    for (int part = 0; part < STEP_PARTS; part++) {
        if (!seen[part])
            continue;
        html_row_begin(&table);
        html_cell_name(&table, html_source_class(step_part_names[part]), step_part_names[part]);
        html_cell_number(&table, report->fall.parts[part].of[WATERFALL_A], 3);
        html_cell_number(&table, report->fall.parts[part].of[WATERFALL_B], 3);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}

enum { KINDS_SHOWN = 3 };
static const enum why_kind kinds[KINDS_SHOWN] = {WHY_MALLOC, WHY_FREE, WHY_KINDS};
static const char *const kind_names[KINDS_SHOWN] = {"malloc", "free", "any call"};

/* Other libraries' code that was called is the application's part. */
static const char *counted_name(int part)
{
    return part == PART_APPLICATION ? "other libraries" : step_part_names[part];
}

static void instructions_table(struct html_page *page, const struct why_report *report,
                               why_side_names names, const bool seen[STEP_PARTS])
{
    struct html_column columns[1 + KINDS_SHOWN * WATERFALL_SIDES] = {
        {"instructions a call", false}};
    char heads[KINDS_SHOWN * WATERFALL_SIDES][COMPARE_SHORT_BYTES + 16];
    struct html_table table;
    for (int k = 0; k < KINDS_SHOWN * WATERFALL_SIDES; k++) {
        snprintf(heads[k], sizeof heads[k], "%s, %s", kind_names[k / 2], names[k % 2]);
        columns[1 + k] = (struct html_column){heads[k], true};
    }
    html_table_begin(&table, page, "Instructions of a call", columns,
                     1 + KINDS_SHOWN * WATERFALL_SIDES);
    for (int part = 0; part <= STEP_PARTS; part++) {
        if (part < STEP_PARTS && !seen[part])
            continue;
        html_row_begin(&table);
        html_cell_text(&table, part < STEP_PARTS ? counted_name(part) : "all");
        for (int k = 0; k < KINDS_SHOWN * WATERFALL_SIDES; k++)
            html_cell_number(
                &table, why_instructions_of(&report->instructions[k % 2], part, kinds[k / 2]), 2);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void why_html_instructions(struct html_page *page, const struct why_report *report,
                           why_side_names names)
{
    static struct side sides[KINDS_SHOWN * WATERFALL_SIDES];
    struct html_stack stacks[KINDS_SHOWN * WATERFALL_SIDES];
    char labels[KINDS_SHOWN * WATERFALL_SIDES][COMPARE_SHORT_BYTES + 16];
    bool seen[STEP_PARTS] = {false};
    size_t stack_count = 0;
    for (int k = 0; k < KINDS_SHOWN * WATERFALL_SIDES; k++) {
        const struct why_instructions *of = &report->instructions[k % 2];
        double all = why_instructions_of(of, STEP_PARTS, kinds[k / 2]);
        size_t count = 0;
        if (!isfinite(all))
            continue;
        snprintf(labels[k], sizeof labels[k], "%s, %s", kind_names[k / 2], names[k % 2]);
        snprintf(sides[k].shown, sizeof sides[k].shown, "%.1f", all);
        for (int part = 0; part < STEP_PARTS; part++) {
            double value = why_instructions_of(of, part, kinds[k / 2]);
            add_part(&sides[k], &count, part, value, "instructions", labels[k]);
            seen[part] |= value > 0;
        }
        stacks[stack_count++] =
            (struct html_stack){labels[k], sides[k].shown, sides[k].bars, count};
    }
    if (!stack_count)
        return;
    html_section(page, "instructions", "Instructions");
    html_figure_begin(page, "Instructions of a call, stepped through one by one: exact.");
    key_of(page, seen);
    html_stacks(page, "Instructions of a call", "A stacked bar for each kind of call and side.",
                stacks, stack_count, 0);
    html_figure_table(page);
    instructions_table(page, report, names, seen);
    html_figure_end(page);
}

static void figure_row(struct html_table *table, const char *name, double a, double b,
                       const struct why_figure *figure)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, a, 4);
    html_cell_significant(table, b, 4);
    html_cell_significant(table, figure ? figure->difference : NAN, 4);
    if (figure && isfinite(figure->range.low))
        html_cell_interval(table, figure->range.low, figure->range.high, 1, 3);
    else
        html_cell_empty(table);
    html_cell_text(table, figure ? why_sign_names[figure->sign] : "");
    html_row_end(table);
}

static double shared_percent(const struct why_sharing *of)
{
    return of->known && of->blocks ? 100 * (double)of->shared / (double)of->blocks : NAN;
}

void why_html_figures(struct html_page *page, const struct why_report *report, why_side_names names)
{
    const struct html_column columns[] = {
        {"besides", false}, {names[WATERFALL_A], true}, {names[WATERFALL_B], true},
        {"B less A", true}, {"95 % interval", true},    {"beside the control", false}};
    const double *kernel = report->kernel_for_malloc;
    struct html_table table;
    if (!report->fall.rounds)
        return;
    html_section(page, "figures", "Other evidence");
    html_table_begin(&table, page, "Medians of the runs that were not watched", columns, 6);
    for (size_t i = 0; i < report->figure_count; i++) {
        const struct why_figure *figure = &report->figures[i];
        figure_row(&table, figure->name, figure->of[WATERFALL_A], figure->of[WATERFALL_B], figure);
    }
    if (isfinite(kernel[WATERFALL_A]) || isfinite(kernel[WATERFALL_B])) {
        char name[64];
        snprintf(name, sizeof name, "the kernel's work for malloc, %s",
                 why_unit_short[report->unit]);
        figure_row(&table, name, kernel[WATERFALL_A], kernel[WATERFALL_B], NULL);
    }
    if (!report->is_one_thread)
        figure_row(&table, "blocks handed out into another thread's cache line, %",
                   shared_percent(&report->sharing[WATERFALL_A]),
                   shared_percent(&report->sharing[WATERFALL_B]), NULL);
    html_table_end(&table);
    if (report->is_one_thread)
        html_note(page, "One thread: no cache line is shared with another's block.");
    if (isfinite(report->remote_frees))
        html_note(page, "%.4f blocks an operation are freed by another thread (counted by hakmem).",
                  report->remote_frees);
}
