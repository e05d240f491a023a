/* SPDX-License-Identifier: MIT */
#include "compare_html.h"

#include <math.h>
#include <stdlib.h>

#include "compare_parts_html.h"
#include "compare_verdict_html.h"
#include "html_bars.h"
#include "html_colour.h"
#include "html_table.h"
#include "report/compare_cells.h"
#include "svg_forest.h"

static const char *verdict_word(const struct compare_row *row)
{
    return row->failure[0] ? "failed" : compare_verdict_names[row->verdict];
}

static void ratio_row(const struct compare_report *report, size_t i, struct forest_row *row)
{
    const struct compare_row *of = &report->rows[i];
    char name[COMPARE_NAME_BYTES], range[64], figure[COMPARE_CELL_BYTES];
    compare_estimate_text(of->ratio, of->ratio_low, of->ratio_high, 3, "", range);
    *row = (struct forest_row){.mark_count = 1, .expected = {NAN, NAN}};
    snprintf(row->name, sizeof row->name, "%.60s", compare_row_name(report, i, name));
    snprintf(row->shown, sizeof row->shown, "%.50s%s", range,
             of->verdict == COMPARE_TIE ? ", a tie" : "");
    struct forest_mark *mark = &row->marks[0];
    *mark = (struct forest_mark){.class = html_allocator_class(name),
                                 .value = of->ratio,
                                 .range = {of->ratio_low, of->ratio_high}};
    snprintf(mark->tip, sizeof mark->tip, "%.60s: ratio %s, %s; median %s %s", name, range,
             verdict_word(of), compare_figure_text(of->compared.median, figure),
             compare_unit(report));
}

static void speed_table(struct html_page *page, const struct compare_report *report)
{
    const struct html_column columns[] = {{"allocator", false}, {compare_unit(report), true},
                                          {"ratio", true},      {"95 % interval", true},
                                          {"", false},          {"of the floor", true}};
    struct html_table table;
    html_table_begin(&table, page, "Ratio to the first allocator", columns, report->floor ? 6 : 5);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        char name[COMPARE_NAME_BYTES];
        html_row_begin(&table);
        html_cell_name(&table, html_allocator_class(row->name), compare_row_name(report, i, name));
        html_cell_significant(&table, row->compared.median, 5);
        html_cell_number(&table, row->ratio, 3);
        html_cell_interval(&table, row->ratio_low, row->ratio_high, 1, 3);
        html_cell_text(&table, verdict_word(row));
        if (report->floor)
            html_cell_number(&table, compare_is_floor(report, i) ? NAN : row->of_floor, 3);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void speed(struct html_page *page, const struct compare_report *report)
{
    struct forest_row *rows = calloc(report->row_count + 1, sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; rows && i < report->row_count; i++) {
        if (i != 0 && isfinite(report->rows[i].ratio))
            ratio_row(report, i, &rows[count++]);
    }
    html_section(page, "speed", report->metric ? "The program's figure" : "Time");
    html_figure_begin(page, "How many times as good as the first, with the 95 % interval. Beyond "
                            "the line is better; what the control reaches, too, is a tie.");
    svg_forest(page, "Ratio to the first allocator",
               "A row for each allocator: the median of its ratios to the first in the same round, "
               "and the interval of that.",
               &(struct forest){rows, count, 1, {5, 10, svg_ratio_text}});
    html_figure_table(page);
    speed_table(page, report);
    html_figure_end(page);
    free(rows);
}

static void memory_table(struct html_page *page, const struct compare_report *report)
{
    static const struct html_column columns[] = {
        {"allocator", false},      {"max RSS", true},     {"by the first", true},
        {"CPU s", true},           {"page faults", true}, {"resident, as it told", true},
        {"live, as it told", true}};
    bool tells = isfinite(report->rows[0].resident_kb);
    struct html_table table;
    html_table_begin(&table, page, "Memory and processor time", columns, tells ? 7 : 5);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        char name[COMPARE_NAME_BYTES];
        html_row_begin(&table);
        html_cell_name(&table, html_allocator_class(row->name), compare_row_name(report, i, name));
        html_cell_bytes(&table, row->max_rss_kb * 1024);
        html_cell_number(&table, row->memory_ratio, 3);
        html_cell_significant(&table, row->cpu_s, 4);
        html_cell_number(&table, row->faults, 0);
        if (tells) {
            html_cell_bytes(&table, row->resident_kb * 1024);
            html_cell_bytes(&table, row->live_kb * 1024);
        }
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void memory(struct html_page *page, const struct compare_report *report)
{
    struct html_bar *bars = calloc(report->row_count + 1, sizeof *bars);
    size_t count = 0;
    for (size_t i = 0; bars && i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        struct html_bar *bar = &bars[count];
        char bytes[32];
        if (i == COMPARE_CONTROL || !isfinite(row->max_rss_kb))
            continue;
        count++;
        *bar = (struct html_bar){
            row->name, html_allocator_class(row->name), row->max_rss_kb * 1024, NAN, NAN, "", ""};
        html_bytes_text(bar->value, bytes, sizeof bytes);
        snprintf(bar->shown, sizeof bar->shown, "%s", bytes);
        snprintf(bar->tip, sizeof bar->tip, "%.60s: %s at the most, %.3f times the first's",
                 row->name, bytes, row->memory_ratio);
    }
    html_section(page, "memory", "Memory");
    html_figure_begin(page, "Resident memory at its most: the median of the runs.");
    html_bar_rows(page, "Resident memory at its most", "A bar for each allocator.", bars, count,
                  &(struct svg_axis){4, 2, html_bytes_text});
    html_figure_table(page);
    memory_table(page, report);
    html_figure_end(page);
    free(bars);
}

/* What the same allocator differs from itself by is what no difference below can be told from. */
static void control(struct html_page *page, const struct compare_report *report)
{
    const struct compare_row *row = &report->rows[COMPARE_CONTROL];
    char first[COMPARE_NAME_BYTES], range[64];
    html_section(page, "control", "How sure that is");
    html_paragraph(
        page,
        "%s ran a second time in every round: against itself it has a ratio of %s. "
        "What is as near to 1 as that, by intervals, is called a tie.",
        compare_row_name(report, 0, first),
        compare_estimate_text(row->ratio, row->ratio_low, row->ratio_high, 3, "", range));
    if (isfinite(report->others_cores))
        html_paragraph(page, "Meanwhile other processes kept %.2f cores busy%s.",
                       report->others_cores,
                       report->is_disturbed ? ", enough to shift a result" : "");
}

struct key_texts {
    char names[3][96], median[64], bytes[32], again[64];
};

/* All are the first's; `texts` last as long as the head. */
static void key_figures(const struct compare_report *report, struct html_head *head,
                        struct key_texts *texts)
{
    const struct compare_row *first = &report->rows[0], *same = &report->rows[COMPARE_CONTROL];
    static const char *const what[] = {": the median", ": resident at most", " against itself"};
    const char *const values[] = {texts->median, texts->bytes, texts->again};
    char name[COMPARE_NAME_BYTES], figure[COMPARE_CELL_BYTES];
    compare_row_name(report, 0, name);
    snprintf(texts->median, sizeof texts->median, "%s %s",
             compare_figure_text(first->compared.median, figure), compare_unit(report));
    html_bytes_text(first->max_rss_kb * 1024, texts->bytes, sizeof texts->bytes);
    compare_estimate_text(same->ratio, same->ratio_low, same->ratio_high, 3, "", texts->again);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        snprintf(texts->names[i], sizeof texts->names[i], "%.60s%s", name, what[i]);
        head->key[i].value = values[i];
        head->key[i].name = texts->names[i];
    }
    head->key_count = sizeof values / sizeof values[0];
}

int compare_print_html(const struct compare_report *report, FILE *stream)
{
    struct html_page page;
    struct key_texts texts;
    char verdict[HTML_WORDS_BYTES], title[COMPARE_TITLE_BYTES], command[768], subject[1024],
        conditions[160];
    if (html_begin(&page) != 0)
        return -1;
    speed(&page, report);
    compare_html_runs(&page, report);
    memory(&page, report);
    control(&page, report);
    compare_html_notes(&page, report);
    compare_verdict(report, verdict);
    compare_words(report->command, command, sizeof command);
    snprintf(subject, sizeof subject, "%s: %s", command,
             compare_conditions(report, conditions, sizeof conditions));
    struct html_head head = {
        "compare", compare_title("compare", report->command, title), verdict, subject, {{0}}, 0};
    key_figures(report, &head, &texts);
    return html_end(&page, &head, stream);
}
