/* SPDX-License-Identifier: MIT */
#include "ledger_html.h"

#include <math.h>

#include "compare_parts_html.h"
#include "html_colour.h"
#include "html_table.h"
#include "svg_forest.h"

enum { LANES = 2 };

/* How the two are told apart. */
#define ABLATED_CLASS "c-1"
#define SAMPLED_CLASS "c-4"

static const char *percent_text(double percent, char *text, size_t size)
{
    snprintf(text, size, "%.4g %%", percent);
    return text;
}

static const char *expected_text(const struct interval *expected, char text[48])
{
    if (isnan(expected->low))
        snprintf(text, 48, "nothing was expected");
    else if (expected->high > expected->low)
        snprintf(text, 48, "expected %.0f to %.0f %%", expected->low, expected->high);
    else
        snprintf(text, 48, "expected %.0f %%", expected->low);
    return text;
}

static void fill_mark(const struct ledger_row *row, const struct ledger_estimate *estimate,
                      const char *way, const char *class, struct forest_mark *mark)
{
    char range[64];
    compare_estimate_text(estimate->value, estimate->range.low, estimate->range.high, 1, " %",
                          range);
    *mark = (struct forest_mark){class, estimate->value, estimate->range, ""};
    snprintf(mark->tip, sizeof mark->tip, "%s, %s: %s", row->factor, way, range);
}

static void fill_row(const struct ledger_row *row, struct forest_row *to)
{
    char expected[48];
    *to = (struct forest_row){.mark_count = LANES, .expected = row->expected};
    snprintf(to->name, sizeof to->name, "%s", row->factor);
    snprintf(to->shown, sizeof to->shown, "%s: %s", expected_text(&row->expected, expected),
             ledger_verdict_names[row->verdict]);
    snprintf(to->expected_tip, sizeof to->expected_tip, "%s: %s", row->factor,
             expected_text(&row->expected, expected));
    fill_mark(row, &row->ablated, "by ablation", ABLATED_CLASS, &to->marks[0]);
    fill_mark(row, &row->sampled, "by samples", SAMPLED_CLASS, &to->marks[1]);
}

static void estimate_cells(struct html_table *table, const struct ledger_estimate *estimate,
                           int decimals)
{
    html_cell_number(table, estimate->value, decimals);
    html_cell_interval(table, estimate->range.low, estimate->range.high, 1, decimals);
}

static void rows_table(struct html_page *page, const struct ledger *ledger)
{
    static const struct html_column columns[] = {
        {"factor", false},    {"modern", false},  {"far", false},         {"expected", false},
        {"ablated, %", true}, {"interval", true}, {"ns", true},           {"sampled, %", true},
        {"interval", true},   {"ns", true},       {"instructions", true}, {"loads", true},
        {"stores", true},     {"branches", true}, {"verdict", false}};
    struct html_table table;
    html_table_begin(&table, page, "The ledger", columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        char expected[48];
        html_row_begin(&table);
        html_cell_text(&table, row->factor);
        html_cell_text(&table, row->modern);
        html_cell_text(&table, row->far);
        html_cell_text(&table, expected_text(&row->expected, expected));
        estimate_cells(&table, &row->ablated, 1);
        html_cell_number(&table, row->ablated_ns.value, 2);
        estimate_cells(&table, &row->sampled, 1);
        html_cell_number(&table, row->sampled_ns.value, 2);
        html_cell_number(&table, row->counted.instructions, 1);
        html_cell_number(&table, row->counted.loads, 1);
        html_cell_number(&table, row->counted.stores, 1);
        html_cell_number(&table, row->counted.branches, 1);
        html_cell_text(&table, ledger_verdict_names[row->verdict]);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void rows(struct html_page *page, const struct ledger *ledger, const char *words)
{
    struct forest_row forest[FACTORIAL_FACTORS_MAX];
    for (size_t i = 0; i < ledger->row_count; i++)
        fill_row(&ledger->rows[i], &forest[i]);
    html_section(page, "ledger", "The ledger: hoped for and found");
    if (*words)
        html_paragraph(page, "%s", words);
    html_figure_begin(page,
                      "By how many per cent the far level makes the command slower. The band "
                      "is what the document that asked the question expected of each factor.");
    html_key_begin(page);
    html_key_item(page, "c-2", "expected", NULL);
    html_key_item(page, ABLATED_CLASS, "by ablation: the factor moved alone", NULL);
    html_key_item(page, SAMPLED_CLASS, "by samples: time in its own code", NULL);
    html_key_end(page);
    svg_forest(page, "The ledger",
               "A row for each factor: a band for what was expected, and two estimates with their "
               "intervals.",
               &(struct forest){forest, ledger->row_count, 0, {5, 10, percent_text}});
    html_figure_table(page);
    rows_table(page, ledger);
    html_figure_end(page);
    for (size_t i = 0; i < ledger->row_count; i++) {
        if (ledger->rows[i].reason[0])
            html_note(page, "%s: %s", ledger->rows[i].factor, ledger->rows[i].reason);
    }
}

static void gates(struct html_page *page, const struct ledger *ledger)
{
    static const struct html_column columns[] = {{"gate", false}, {"", false}, {"by what", false}};
    struct html_table table;
    html_section(page, "gates", "The gates");
    html_paragraph(page, "Work on a factor may go on where one of three gates is open.");
    html_table_begin(&table, page, "The gates", columns, 3);
    for (size_t i = 0; i < LEDGER_GATES; i++) {
        const struct ledger_gate *gate = &ledger->gates[i];
        html_row_begin(&table);
        html_cell_text(&table, gate->name);
        html_cell_text(&table, !gate->known ? "unknown" : gate->open ? "open" : "shut");
        html_cell_text(&table, gate->evidence);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void end_row(struct html_table *table, const char *name, double modern, double far,
                    int decimals)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_number(table, modern, decimals);
    html_cell_number(table, far, decimals);
    html_row_end(table);
}

static void ends(struct html_page *page, const struct ledger *ledger)
{
    static const struct html_column columns[] = {
        {"", false}, {"modern end", true}, {"far end", true}};
    const struct ledger_end *modern = &ledger->modern, *far = &ledger->far;
    const struct ledger_indicators *a = &modern->indicators, *b = &far->indicators;
    struct html_table table;
    html_section(page, "ends", "The two ends");
    html_table_begin(&table, page, "The two ends", columns, 3);
    end_row(&table, "malloc's share of the time, %", modern->malloc_share.value,
            far->malloc_share.value, 1);
    end_row(&table, "samples", (double)modern->samples, (double)far->samples, 0);
    end_row(&table, "instructions a call", modern->counted.instructions, far->counted.instructions,
            1);
    end_row(&table, "loads a call", modern->counted.loads, far->counted.loads, 1);
    end_row(&table, "stores a call", modern->counted.stores, far->counted.stores, 1);
    end_row(&table, "branches a call", modern->counted.branches, far->counted.branches, 1);
    for (size_t i = 0; i < LEDGER_INDICATORS && a->source != LEDGER_BY_NOTHING; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s, of 1000 operations", ledger_indicator_names[i]);
        end_row(&table, name, a->of[i], b->of[i], 2);
    }
    html_table_end(&table);
    if (a->source != LEDGER_BY_NOTHING)
        html_note(page, "Of 1000 operations by %s.", ledger_source_names[a->source]);
}

void ledger_html(struct html_page *page, const struct ledger *ledger, const char *words)
{
    if (!ledger->made)
        return;
    rows(page, ledger, words);
    gates(page, ledger);
    ends(page, ledger);
}
