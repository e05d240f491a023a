/* SPDX-License-Identifier: MIT */
#include "callers_html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../callers_advice_text.h"
#include "../callers_words.h"
#include "callers_html_paths.h"
#include "html_table.h"
#include "html_text.h"

enum { FIGURE = 48 };

static void put_advice(struct html_page *page, const struct callers_report *report)
{
    char words[CALLERS_WORDS], path[CALLERS_PATH_WORDS];
    html_section(page, "advice", "Advice");
    if (report->no_advice[0])
        html_paragraph(page, "None: %s", report->no_advice);
    for (size_t i = 0; i < report->advice_count; i++) {
        const struct callers_advice *advice = &report->advice[i];
        callers_html_say_path(&report->paths[advice->path], path);
        html_heading(page, path);
        callers_say_advice(advice, &report->paths[advice->path], words);
        html_paragraph(page, "%c%s.", words[0] - 'a' + 'A', words + 1);
        callers_say_cost(advice, &report->paths[advice->path], words);
        html_note(page, "%c%s.", words[0] - 'a' + 'A', words + 1);
    }
}

static void put_estimate(struct html_table *table, const char *name,
                         const struct estimate *estimate)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, estimate->value, 6);
    html_cell_significant(table, estimate->low, 6);
    html_cell_significant(table, estimate->high, 6);
    html_row_end(table);
}

static void put_count(struct html_table *table, const char *name, double value)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, value, 9);
    html_row_end(table);
}

static void put_totals(struct html_page *page, const struct callers_report *report)
{
    static const struct html_column columns[] = {
        {"figure", false}, {"value", true}, {"95 % interval, from", true}, {"to", true}};
    struct html_table table;
    html_section(page, "totals", "Totals");
    html_table_begin(&table, page, "All call paths together", columns, 4);
    put_count(&table, "processor time, s", report->cpu_seconds);
    if (report->event) {
        put_estimate(&table, "malloc’s share of processor time", &report->malloc_share);
        put_count(&table, "samples of time", (double)report->time_samples);
        put_count(&table, "of them in malloc", (double)report->malloc_samples);
        put_count(&table, "samples a second", report->frequency);
        put_count(&table, "samples lost", (double)report->lost);
    }
    put_estimate(&table, "calls that ask for memory", &report->calls);
    put_estimate(&table, "bytes asked for", &report->bytes);
    put_count(&table, "sampled calls", (double)report->samples);
    put_count(&table, "bytes between samples", (double)report->mean);
    put_count(&table, "programs that left samples", (double)report->programs);
    html_table_end(&table);
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

static void say_verdict(const struct callers_report *report, char *text, size_t size)
{
    char bytes[FIGURE], calls[FIGURE];
    if (report->event && !isnan(report->malloc_share.value))
        snprintf(text, size,
                 "malloc took %.1f\u00a0%% of %.3f\u00a0s of processor time, from %zu call paths",
                 100 * report->malloc_share.value, report->cpu_seconds, report->path_count);
    else
        snprintf(text, size, "%s asked for in %s calls, from %zu call paths",
                 html_bytes_text(report->bytes.value, bytes, sizeof bytes),
                 count_words(report->calls.value, calls, sizeof calls), report->path_count);
}

static void put_sections(struct html_page *page, const struct callers_report *report)
{
    if (report->by_time_count) {
        html_section(page, "time", "Call paths by malloc’s time");
        callers_html_by_time(page, report);
    }
    if (report->by_bytes_count) {
        html_section(page, "bytes", "Call paths by bytes asked for");
        callers_html_by_bytes(page, report);
    }
    put_advice(page, report);
    put_totals(page, report);
}

int callers_print_html(const struct callers_report *report, FILE *stream)
{
    struct html_page page;
    char verdict[256], title[256], figures[4][FIGURE];
    char *subject = html_words(report->command, " on ", report->allocator);
    struct html_head head = {
        .kind = "callers", .title = title, .verdict = verdict, .subject = subject};
    if (!subject || html_begin(&page) != 0) {
        free(subject);
        return -1;
    }
    say_verdict(report, verdict, sizeof verdict);
    snprintf(title, sizeof title, "%.180s: call paths – hakmem-trace", report->command[0]);
    if (report->samples) {
        head.key[head.key_count].name = "asked for, estimated";
        head.key[head.key_count++].value = html_bytes_text(report->bytes.value, figures[0], FIGURE);
        head.key[head.key_count].name = "calls, estimated";
        head.key[head.key_count++].value = count_words(report->calls.value, figures[1], FIGURE);
    }
    snprintf(figures[2], FIGURE, "%.3f\u00a0s", report->cpu_seconds);
    head.key[head.key_count].name = "processor time";
    head.key[head.key_count++].value = figures[2];
    put_sections(&page, report);
    int result = html_end(&page, &head, stream), error = errno;
    free(subject);
    errno = error;
    return result;
}
