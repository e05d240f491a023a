/* SPDX-License-Identifier: MIT */
#include "why_html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_parts_html.h"
#include "html_colour.h"
#include "html_table.h"
#include "report/why_words.h"
#include "svg_waterfall.h"
#include "why_steps_html.h"

static const char *signed_text(const struct waterfall_value *value, const char *unit, char text[64])
{
    char range[WHY_CELL];
    if (!isfinite(value->difference))
        return strcpy(text, "not known");
    snprintf(text, 64, "%+.2f %s%s", value->difference, unit,
             why_range_text(&value->range, 1, range));
    return text;
}

static size_t fill_steps(const struct why_report *report, struct waterfall_step *steps)
{
    const struct waterfall *fall = &report->fall;
    const char *unit = why_unit_short[report->unit];
    size_t order[STEP_PARTS], count = why_order(report, order);
    for (size_t i = 0; i <= count; i++) {
        bool is_rest = i == count;
        const struct waterfall_value *value = is_rest ? &fall->unexplained : &fall->parts[order[i]];
        const char *name = is_rest ? "unexplained" : step_part_names[order[i]];
        steps[i] = (struct waterfall_step){name,
                                           is_rest ? "c-unknown" : html_source_class(name),
                                           value->difference,
                                           value->range,
                                           "",
                                           ""};
        signed_text(value, unit, steps[i].shown);
        bool same = !is_rest && report->signs[order[i]] == WHY_SAME;
        if (is_rest)
            snprintf(steps[i].tip, sizeof steps[i].tip, "unexplained: %s", steps[i].shown);
        else
            snprintf(steps[i].tip, sizeof steps[i].tip, "%s: %.2f on A, %.2f on B, %s%s", name,
                     value->of[WATERFALL_A], value->of[WATERFALL_B], steps[i].shown,
                     same ? ", can't be told from nothing" : "");
    }
    return count + 1;
}

static void table_row(struct html_table *table, const char *class, const char *name,
                      const struct waterfall_value *value, const char *said)
{
    html_row_begin(table);
    if (class)
        html_cell_name(table, class, name);
    else
        html_cell_text(table, name);
    html_cell_number(table, value->of[WATERFALL_A], 3);
    html_cell_number(table, value->of[WATERFALL_B], 3);
    html_cell_number(table, value->difference, 3);
    html_cell_interval(table, value->range.low, value->range.high, 1, 3);
    html_cell_text(table, said);
    html_row_end(table);
}

static void waterfall_table(struct html_page *page, const struct why_report *report,
                            const char names[WATERFALL_SIDES][COMPARE_SHORT_BYTES])
{
    const struct html_column columns[] = {{why_unit_names[report->unit], false},
                                          {names[WATERFALL_A], true},
                                          {names[WATERFALL_B], true},
                                          {"B less A", true},
                                          {"95 % interval", true},
                                          {"beside the control", false}};
    const struct waterfall *fall = &report->fall;
    size_t order[STEP_PARTS], count = report->has_parts ? why_order(report, order) : 0;
    struct html_table table;
    html_table_begin(&table, page, "From one to the other", columns, 6);
    for (size_t i = 0; i < count; i++) {
        const char *name = step_part_names[order[i]];
        table_row(&table, html_source_class(name), name, &fall->parts[order[i]],
                  why_sign_names[report->signs[order[i]]]);
    }
    if (count) {
        table_row(&table, NULL, "sum of the parts", &fall->sum, "");
        table_row(&table, NULL, "unexplained", &fall->unexplained, "");
    }
    table_row(&table, NULL, "measured", &fall->measured,
              why_sign_names[why_sign_of(&fall->measured, &report->control.measured)]);
    table_row(&table, NULL, "control: A again", &report->control.measured, "");
    html_table_end(&table);
}

static void waterfall(struct html_page *page, const struct why_report *report,
                      const char names[WATERFALL_SIDES][COMPARE_SHORT_BYTES])
{
    struct waterfall_step steps[STEP_PARTS + 1];
    const double *of = report->fall.measured.of;
    char cost[WHY_CELL];
    struct waterfall_picture picture = {
        .from = {names[WATERFALL_A], html_allocator_class(names[WATERFALL_A]), of[WATERFALL_A], ""},
        .to = {names[WATERFALL_B], html_allocator_class(names[WATERFALL_B]), of[WATERFALL_B], ""},
        .steps = steps,
        .count = report->has_parts ? fill_steps(report, steps) : 0,
        .axis = {5, 10, svg_number_text}};
    snprintf(picture.from.shown, sizeof picture.from.shown, "%s %s",
             why_cost_text(of[WATERFALL_A], cost), why_unit_short[report->unit]);
    snprintf(picture.to.shown, sizeof picture.to.shown, "%s %s",
             why_cost_text(of[WATERFALL_B], cost), why_unit_short[report->unit]);
    bool is_cut = svg_waterfall_low(&picture) > 0;
    char caption[256];
    snprintf(caption, sizeof caption, "From %.40s's %s to %.40s's, part by part.%s",
             names[WATERFALL_A], why_unit_names[report->unit], names[WATERFALL_B],
             is_cut ? " The axis does not begin at 0." : "");
    html_section(page, "waterfall", "From one to the other");
    html_figure_begin(page, caption);
    svg_waterfall(page, "Waterfall",
                  "The cost of A, a bar for each part by which B differs, with its interval, what "
                  "is left unexplained, and the cost of B.",
                  &picture);
    html_figure_table(page);
    waterfall_table(page, report, names);
    html_figure_end(page);
}

static void print_words(const void *report, const struct terminal *terminal)
{
    why_print_words(report, terminal);
}

static void key_figures(const struct why_report *report, struct html_head *head, char texts[4][64])
{
    const struct waterfall *fall = &report->fall;
    const char *unit = why_unit_short[report->unit];
    head->key[head->key_count].value = signed_text(&fall->measured, unit, texts[0]);
    head->key[head->key_count++].name = why_unit_names[report->unit];
    if (isfinite(fall->explained)) {
        const struct interval *range = &fall->explained_range;
        bool is_known = isfinite(range->low);
        compare_estimate_text(100 * fmax(0, fall->explained),
                              is_known ? 100 * fmax(0, range->low) : NAN,
                              is_known ? 100 * fmax(0, range->high) : NAN, 0, " %", texts[1]);
        head->key[head->key_count].value = texts[1];
        head->key[head->key_count++].name = "of it in known parts";
    }
    head->key[head->key_count].value = signed_text(&report->control.measured, unit, texts[2]);
    head->key[head->key_count++].name = "the control: A again";
    head->key[head->key_count].value = why_verdict_names[report->verdict];
    head->key[head->key_count++].name = "verdict";
}

static void write_body(struct html_page *page, const struct why_report *report, char *rest)
{
    char names[WATERFALL_SIDES][COMPARE_SHORT_BYTES], conditions[160];
    compare_short_name(&report->comparison, WHY_ROW_A, names[WATERFALL_A]);
    compare_short_name(&report->comparison, WHY_ROW_B, names[WATERFALL_B]);
    html_section(page, "why", "In words");
    html_lines(page, rest);
    html_paragraph(page, "Measured in %s.",
                   compare_conditions(&report->comparison, conditions, sizeof conditions));
    if (report->fall.rounds) {
        waterfall(page, report, names);
        if (report->has_parts)
            why_html_parts(page, report, names);
    }
    why_html_instructions(page, report, names);
    why_html_figures(page, report, names);
    compare_html_runs(page, &report->comparison);
    compare_html_notes(page, &report->comparison);
}

/* Where the sentence that has both costs would be taken for a difference. */
static void say_tie(const struct why_report *report, char verdict[HTML_HEADLINE_BYTES])
{
    char a[COMPARE_SHORT_BYTES], b[COMPARE_SHORT_BYTES], cost[WATERFALL_SIDES][WHY_CELL];
    const double *of = report->fall.measured.of;
    compare_short_name(&report->comparison, WHY_ROW_A, a);
    compare_short_name(&report->comparison, WHY_ROW_B, b);
    snprintf(verdict, HTML_HEADLINE_BYTES, "%.100s and %.100s can't be told apart: %s and %s %s", a,
             b, why_cost_text(of[WATERFALL_A], cost[0]), why_cost_text(of[WATERFALL_B], cost[1]),
             why_unit_names[report->unit]);
}

int why_print_html(const struct why_report *report, FILE *stream)
{
    struct html_page page;
    char verdict[HTML_HEADLINE_BYTES] = "Nothing was measured", title[COMPARE_TITLE_BYTES],
         subject[1024], texts[4][64];
    char *words = html_printed(print_words, report);
    if (!words || html_begin(&page) != 0) {
        free(words);
        return -1;
    }
    size_t headline = *words ? html_headline(words, verdict) : 0;
    if (report->verdict == WHY_TIE) {
        say_tie(report, verdict);
        headline = 0;
    }
    write_body(&page, report, words + headline);
    compare_words(report->comparison.command, subject, sizeof subject);
    struct html_head head = {
        "why", compare_title("why", report->comparison.command, title), verdict, subject, {{0}}, 0};
    if (report->fall.rounds)
        key_figures(report, &head, texts);
    free(words);
    return html_end(&page, &head, stream);
}
