/* SPDX-License-Identifier: MIT */
#include "compare_parts_html.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html_colour.h"
#include "html_table.h"
#include "html_text.h"
#include "report/compare_cells.h"
#include "svg_forest.h"

const char *compare_row_name(const struct compare_report *report, size_t row,
                             char name[COMPARE_NAME_BYTES])
{
    compare_short_name(report, row, name);
    if (row == COMPARE_CONTROL)
        strcat(name, " again");
    return name;
}

const char *compare_words(char *const *command, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (; *command && used + 1 < size; command++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "", *command);
    if (used >= size)
        strcpy(text + size - 4, "...");
    return text;
}

const char *compare_title(const char *kind, char *const *command, char text[COMPARE_TITLE_BYTES])
{
    size_t used = (size_t)snprintf(text, COMPARE_TITLE_BYTES, "hakmem-trace %s: ", kind);
    compare_words(command, text + used, COMPARE_TITLE_BYTES - used);
    return text;
}

const char *compare_estimate_text(double value, double low, double high, int decimals,
                                  const char *unit, char text[64])
{
    if (!isfinite(value))
        return strcpy(text, "not known");
    int used = snprintf(text, 64, "%.*f%s", decimals, value, unit);
    if (isfinite(low) && used > 0 && used < 64)
        snprintf(text + used, (size_t)(64 - used), " [%.*f, %.*f]", decimals, low, decimals, high);
    return text;
}

const char *compare_conditions(const struct compare_report *report, char *text, size_t size)
{
    char core[32] = "any core", cut[48] = "";
    if (report->core >= 0)
        snprintf(core, sizeof core, "core %d", report->core);
    if (report->interrupted)
        snprintf(cut, sizeof cut, " of %u: interrupted", report->rounds);
    snprintf(text, size, "%u rounds%s, seed %ju, %s, %.1f s", report->rounds_done, cut,
             (uintmax_t)report->seed, core, report->elapsed_s);
    return text;
}

const char *compare_unit(const struct compare_report *report)
{
    return !report->metric ? "wall s" : compare_is_mops(report) ? "M ops/s" : "figure";
}

static void runs_row(const struct compare_report *report, size_t i, double *dots,
                     struct forest_row *row)
{
    const struct compare_row *of = &report->rows[i];
    char name[COMPARE_NAME_BYTES], figure[COMPARE_CELL_BYTES];
    for (size_t k = 0; k < of->run_count; k++)
        dots[k] = report->metric ? of->runs[k].figure : of->runs[k].wall_s;
    *row = (struct forest_row){.expected = {NAN, NAN}, .dots = dots, .dot_count = of->run_count};
    snprintf(row->name, sizeof row->name, "%.70s", compare_row_name(report, i, name));
    snprintf(row->shown, sizeof row->shown, "%s %s",
             compare_figure_text(of->compared.median, figure), compare_unit(report));
    row->marks[row->mark_count++] = (struct forest_mark){
        .class = html_allocator_class(name), .value = of->compared.median, .range = {NAN, NAN}};
    snprintf(row->marks[0].tip, sizeof row->marks[0].tip,
             "%.60s: median %s %s, from %.5g to %.5g in %zu runs", name, figure,
             compare_unit(report), of->compared.min, of->compared.max, of->run_count);
}

static void runs_table(struct html_page *page, const struct compare_report *report)
{
    static const struct html_column columns[] = {
        {"allocator", false}, {"runs", true}, {"median", true}, {"mean", true},
        {"st. dev.", true},   {"CV", true},   {"least", true},  {"most", true}};
    struct html_table table;
    html_table_begin(&table, page, "Every run", columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        char name[COMPARE_NAME_BYTES];
        html_row_begin(&table);
        html_cell_name(&table, html_allocator_class(row->name), compare_row_name(report, i, name));
        html_cell_count(&table, row->run_count);
        html_cell_significant(&table, row->compared.median, 5);
        html_cell_significant(&table, row->compared.mean, 5);
        html_cell_significant(&table, row->compared.stdev, 3);
        html_cell_share(&table, row->compared.cv);
        html_cell_significant(&table, row->compared.min, 5);
        html_cell_significant(&table, row->compared.max, 5);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void compare_html_runs(struct html_page *page, const struct compare_report *report)
{
    struct forest_row *rows = calloc(report->row_count + 1, sizeof *rows);
    double *dots = calloc(report->row_count * (size_t)(report->rounds_done + 1) + 1, sizeof *dots);
    size_t count = 0;
    for (size_t i = 0; rows && dots && i < report->row_count; i++) {
        if (report->rows[i].run_count > 0 && report->rows[i].run_count <= report->rounds_done + 1) {
            runs_row(report, i, dots + i * (report->rounds_done + 1), &rows[count]);
            count++;
        }
    }
    html_section(page, "runs", "Every run");
    bool more_is_better = report->metric && report->higher_is_better;
    html_figure_begin(page, more_is_better ? "A dot for each run, and the median: more is better."
                                           : "A dot for each run, and the median: less is better.");
    svg_forest(page, "Every run", "A row for each allocator; a dot for each of its runs.",
               &(struct forest){rows, count, NAN, {5, 10, svg_number_text}});
    html_figure_table(page);
    runs_table(page, report);
    html_figure_end(page);
    free(rows);
    free(dots);
}

static void failure(struct html_page *page, const struct compare_report *report, size_t i)
{
    const struct compare_row *row = &report->rows[i];
    char name[COMPARE_NAME_BYTES];
    html_paragraph(page, "%s failed: %s.%s", compare_row_name(report, i, name), row->failure,
                   row->last_output && *row->last_output ? " Its last output:"
                                                         : " It printed nothing.");
    if (!row->last_output || !*row->last_output)
        return;
    fputs("<pre class=\"command\">", page->stream);
    html_text(page->stream, row->last_output);
    fputs("</pre>\n", page->stream);
}

void compare_html_notes(struct html_page *page, const struct compare_report *report)
{
    bool begun = false;
    for (size_t i = 0; i < report->row_count; i++) {
        if (!report->rows[i].failure[0])
            continue;
        if (!begun)
            html_section(page, "notes", "What went wrong, and what else to know");
        begun = true;
        failure(page, report, i);
    }
    if (!begun && report->note_count)
        html_section(page, "notes", "What else to know");
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

void html_lines(struct html_page *page, char *text)
{
    while (*text) {
        char *end = text;
        while (*end && !(end[0] == '\n' && end[1] != ' '))
            end++;
        bool is_last = !*end;
        *end = '\0';
        for (char *at = text; *at; at++)
            *at = *at == '\n' ? ' ' : *at;
        if (text[strspn(text, " ")])
            html_paragraph(page, "%s", text);
        text = is_last ? end : end + 1;
    }
}

size_t html_headline(const char *words, char text[HTML_HEADLINE_BYTES])
{
    const char *end = strstr(words, ". ");
    size_t length = end ? (size_t)(end - words) : strlen(words);
    if (length >= HTML_HEADLINE_BYTES)
        length = HTML_HEADLINE_BYTES - 1;
    memcpy(text, words, length);
    text[length] = '\0';
    return end ? (size_t)(end + 2 - words) : strlen(words);
}

char *html_printed(void (*print)(const void *report, const struct terminal *terminal),
                   const void *report)
{
    char *text = NULL;
    size_t length;
    struct terminal terminal = {
        .stream = open_memstream(&text, &length), .utf8 = true, .width = INT_MAX / 2};
    if (!terminal.stream)
        return NULL;
    print(report, &terminal);
    if (fclose(terminal.stream) == 0)
        return text;
    free(text);
    return NULL;
}
