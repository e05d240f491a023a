/* SPDX-License-Identifier: MIT */
#include "ablate_html.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "compare_parts_html.h"
#include "html_colour.h"
#include "html_table.h"
#include "ledger_html.h"
#include "report/compare_cells.h"
#include "svg_forest.h"

/* The effects of some kind, as a section. */
struct kind {
    const char *id, *title, *caption;
    bool single;
    enum factorial_place place;
};

static bool is_of(const struct ablate_report *report, const struct kind *kind, size_t term)
{
    const struct factorial_term *of = &report->factorial.terms[term];
    return factorial_is_single(of) == kind->single && (!kind->single || of->place == kind->place);
}

/* "header inline", or "header x cache" */
static void name_effect(const struct ablate_report *report, size_t term, char name[80])
{
    const struct factorial_term *of = &report->factorial.terms[term];
    char factors[ABLATE_NAME_BYTES];
    ablate_effect_name(report, term, factors);
    if (factorial_is_single(of))
        snprintf(name, 80, "%s: %.14s", factors, report->factors[__builtin_ctz(of->factors)].far);
    else
        snprintf(name, 80, "%s", factors);
}

static const char *ratio_text(const struct ablate_estimate *of, char text[64])
{
    return compare_estimate_text(of->ratio, of->range.low, of->range.high, 3, "", text);
}

static void fill_row(const struct ablate_report *report, size_t term, struct forest_row *row)
{
    const struct ablate_effect *effect = &report->effects[term];
    char range[64], name[80];
    *row = (struct forest_row){.mark_count = 1, .expected = {NAN, NAN}};
    name_effect(report, term, name);
    strcpy(row->name, name);
    snprintf(row->shown, sizeof row->shown, "%s", ratio_text(&effect->of, range));
    row->marks[0] = (struct forest_mark){.class = effect->verdict == ABLATE_COSTS   ? "c-7"
                                                  : effect->verdict == ABLATE_SAVES ? "c-3"
                                                                                    : "c-0",
                                         .value = effect->of.ratio,
                                         .range = effect->of.range};
    snprintf(row->marks[0].tip, sizeof row->marks[0].tip, "%s: ratio %s, %s", name, range,
             ablate_verdict_names[effect->verdict]);
}

static void effects_table(struct html_page *page, const struct ablate_report *report,
                          const struct kind *kind)
{
    static const struct html_column columns[] = {{"moved", false},
                                                 {"ratio", true},
                                                 {"interval", true},
                                                 {"ns an operation", true},
                                                 {"", false}};
    struct html_table table;
    html_table_begin(&table, page, kind->title, columns, 5);
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        const struct ablate_effect *effect = &report->effects[i];
        char name[80];
        if (!is_of(report, kind, i))
            continue;
        name_effect(report, i, name);
        html_row_begin(&table);
        html_cell_text(&table, name);
        html_cell_number(&table, effect->of.ratio, 4);
        html_cell_interval(&table, effect->of.range.low, effect->of.range.high, 1, 4);
        html_cell_number(&table, effect->ns, 3);
        html_cell_text(&table, ablate_verdict_names[effect->verdict]);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void effects(struct html_page *page, const struct ablate_report *report,
                    const struct kind *kind)
{
    struct forest_row rows[FACTORIAL_TERMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        if (is_of(report, kind, i))
            fill_row(report, i, &rows[count++]);
    }
    if (!count)
        return;
    html_section(page, kind->id, kind->title);
    html_figure_begin(page, kind->caption);
    svg_forest(page, kind->title, "A row for each, with its interval; the line is no effect.",
               &(struct forest){rows, count, 1, {5, 10, svg_ratio_text}});
    html_figure_table(page);
    effects_table(page, report, kind);
    html_figure_end(page);
}

static void all_effects(struct html_page *page, const struct ablate_report *report)
{
    static const struct kind kinds[] = {
        {"factors", "What each factor costs",
         "Cost at the far level by cost at the modern level, over all levels of the other factors. "
         "To the right it costs more; grey is too small to be seen here.",
         true, FACTORIAL_AVERAGE},
        {"from-modern", "From the modern end", "One factor moved, where all others are modern.",
         true, FACTORIAL_FROM_MODERN},
        {"from-far", "From the far end", "One factor moved, where all others are far.", true,
         FACTORIAL_FROM_FAR},
        {"together", "What two only cost together",
         "Half of what the first costs more where the second has moved, too.", false,
         FACTORIAL_AVERAGE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        effects(page, report, &kinds[i]);
    html_note(page,
              "Medians of rounds; each interval holds with %.4g %%, so that all hold together "
              "with 95 %%.",
              100 * report->level);
    if (isfinite(report->threshold))
        html_note(page,
                  "Too small is what reaches %.4g or its inverse: so much may be the layout "
                  "of code alone, by the copies.",
                  report->threshold);
}

static void estimate_row(struct html_table *table, const char *name,
                         const struct ablate_estimate *of)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_number(table, of->ratio, 4);
    html_cell_interval(table, of->range.low, of->range.high, 1, 4);
    html_row_end(table);
}

static void controls(struct html_page *page, const struct ablate_report *report)
{
    static const struct html_column columns[] = {{"", false}, {"ratio", true}, {"interval", true}};
    struct html_table table;
    html_section(page, "controls", "The ends, and the same again");
    html_table_begin(&table, page, "Ratios of costs", columns, 3);
    estimate_row(&table, "far end by modern end", &report->gap);
    estimate_row(&table, "modern end by glibc", &report->modern_by_reference);
    estimate_row(&table, "far end by glibc", &report->far_by_reference);
    estimate_row(&table,
                 ablate_has_copy(report, ABLATE_MODERN) ? "modern end again, a copy"
                                                        : "modern end again",
                 &report->control[ABLATE_MODERN]);
    estimate_row(&table,
                 ablate_has_copy(report, ABLATE_FAR) ? "far end again, a copy" : "far end again",
                 &report->control[ABLATE_FAR]);
    html_table_end(&table);
    if (isfinite(report->explained))
        html_paragraph(page, "The factors alone explain %.0f %% of the gap between the ends.",
                       100 * report->explained);
}

static void cells(struct html_page *page, const struct ablate_report *report)
{
    const struct compare_report *runs = &report->runs;
    struct html_column columns[FACTORIAL_FACTORS_MAX + 3];
    size_t count = 0;
    struct html_table table;
    double room[COMPARE_ROUNDS_MAX];
    for (size_t f = 0; f < report->factorial.factor_count; f++)
        columns[count++] = (struct html_column){report->factors[f].name, false};
    columns[count++] = (struct html_column){compare_unit(runs), true};
    columns[count++] = (struct html_column){"CV", true};
    columns[count++] = (struct html_column){"", false};
    html_section(page, "cells", "Every combination");
    html_figure_begin(page, "What each combination of levels comes to: medians of the rounds.");
    html_figure_table(page);
    html_table_begin(&table, page, "Every combination", columns, count);
    for (size_t row = 0; row < runs->row_count; row++) {
        bool is_reference = row == report->reference;
        for (size_t i = 0; i < runs->rounds_done; i++)
            room[i] =
                runs->metric ? runs->rows[row].runs[i].figure : runs->rows[row].runs[i].wall_s;
        struct rounds_summary of = rounds_summarize(room, runs->rounds_done);
        html_row_begin(&table);
        for (size_t f = 0; f < report->factorial.factor_count; f++)
            html_cell_text(&table, is_reference                  ? "–"
                                   : report->cells[row] >> f & 1 ? report->factors[f].far
                                                                 : report->factors[f].modern);
        html_cell_significant(&table, of.median, 5);
        html_cell_share(&table, of.cv);
        html_cell_text(&table, is_reference ? "glibc" : row >= report->controls ? "again" : "");
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}

/* Returns what there is to say beyond it. */
static const char *verdict_of(const struct ablate_report *report, char text[HTML_HEADLINE_BYTES])
{
    char range[64];
    if (report->ledger.made && report->ledger.verdict[0]) {
        size_t length = html_headline(report->ledger.verdict, text);
        text[0] = (char)toupper((unsigned char)text[0]);
        return report->ledger.verdict + length;
    }
    if (isfinite(report->gap.ratio))
        snprintf(text, HTML_HEADLINE_BYTES, "All far levels together cost %s times the modern ones",
                 ratio_text(&report->gap, range));
    else
        snprintf(text, HTML_HEADLINE_BYTES, "No round was complete");
    return "";
}

static void key_figures(const struct ablate_report *report, struct html_head *head,
                        char texts[3][64])
{
    head->key[0].value = ratio_text(&report->gap, texts[0]);
    head->key[0].name = "far end by modern end";
    head->key[1].value = ratio_text(&report->modern_by_reference, texts[1]);
    head->key[1].name = "modern end by glibc, in cost";
    snprintf(texts[2], 64, "%u", report->runs.rounds_done);
    head->key[2].value = texts[2];
    head->key[2].name = "rounds of every combination";
    head->key_count = 3;
}

static void failure(struct html_page *page, const struct ablate_report *report)
{
    if (report->failed >= report->runs.row_count)
        return;
    const struct compare_row *row = &report->runs.rows[report->failed];
    html_section(page, "failure", "What went wrong");
    html_paragraph(page, "%s: %s. %s", row->name, row->failure,
                   row->last_output && *row->last_output ? row->last_output
                                                         : "It printed nothing.");
}

int ablate_print_html(const struct ablate_report *report, FILE *stream)
{
    struct html_page page;
    char verdict[HTML_HEADLINE_BYTES], title[COMPARE_TITLE_BYTES], command[768], subject[1024],
        conditions[160], texts[3][64];
    if (html_begin(&page) != 0)
        return -1;
    const char *more = verdict_of(report, verdict);
    ledger_html(&page, &report->ledger, more);
    all_effects(&page, report);
    controls(&page, report);
    cells(&page, report);
    failure(&page, report);
    if (report->runs.note_count)
        html_section(&page, "notes", "What else to know");
    for (size_t i = 0; i < report->runs.note_count; i++)
        html_note(&page, "%s", report->runs.notes[i]);
    compare_words(report->runs.command, command, sizeof command);
    snprintf(subject, sizeof subject, "%s: design %s, %zu of %zu combinations, %s", command,
             ablate_design_names[report->factorial.design], report->factorial.cell_count,
             (size_t)1 << report->factorial.factor_count,
             compare_conditions(&report->runs, conditions, sizeof conditions));
    struct html_head head = {
        "ablate", compare_title("ablate", report->runs.command, title), verdict, subject, {{0}}, 0};
    key_figures(report, &head, texts);
    return html_end(&page, &head, stream);
}
