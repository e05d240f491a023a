/* SPDX-License-Identifier: MIT */
#include "annotate_html.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "annotate_html_code.h"
#include "html_table.h"
#include "html_text.h"

enum { IDS_MAX = 64, FIGURE = 48 };

static double per_call(const struct annotate_function *function, uint64_t count)
{
    return function->calls ? (double)count / (double)function->calls : NAN;
}

static void put_function(struct html_page *page, const struct annotate_report *report,
                         const struct annotate_function *function, const char *id)
{
    const struct count_spread *spread = &function->spread;
    html_section(page, id, function->name);
    html_paragraph(page,
                   "%" PRIu64 " calls were stepped%s: %.2f instructions each; median %" PRIu64
                   ", 99 %% at most %" PRIu64 ", most %" PRIu64 ".",
                   function->calls, function->calls ? "" : " (none)",
                   function->calls ? per_call(function, function->effects.instructions) : 0,
                   spread->median, spread->p99, spread->most);
    if (report->event)
        html_paragraph(page, "%.1f\u00a0%% of the program’s time, %" PRIu64 " samples.",
                       100 * annotate_share(&function->samples, &report->samples),
                       function->samples.count);
    annotate_html_sources(page, report, function);
    annotate_html_code(page, report, function);
}

static void put_hottest(struct html_page *page, const struct annotate_report *report)
{
    static const struct html_column columns[] = {{"function", false},     {"calls", true},
                                                 {"instructions", true},  {"samples", true},
                                                 {"share of time", true}, {"", false}};
    struct html_table table;
    html_section(page, "hottest", "Hottest functions");
    html_table_begin(&table, page, "The hottest functions of the allocator", columns, 6);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct annotate_row *row = &report->rows[i];
        double share = annotate_share(&row->samples, &report->samples);
        html_row_begin(&table);
        html_cell_text(&table, row->name);
        html_cell_count(&table, row->calls);
        html_cell_count(&table, row->instructions);
        html_cell_count(&table, row->samples.count);
        html_cell_share(&table, share);
        html_cell_bar(&table, "c-1", share);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void put_notes(struct html_page *page, const struct annotate_report *report)
{
    html_section(page, "notes", "How it was measured");
    html_note(page,
              "%" PRIu64 " calls of one thread were stepped, after %" PRIu64
              " others, in %s (process %d).%s%s",
              report->head.calls, report->head.skipped, report->head.program, report->head.pid,
              report->head.stopped ? " Then: " : "",
              report->head.stopped ? report->head.stopped : "");
    if (report->event)
        html_note(
            page, "%" PRIu64 " samples of %s at %u Hz in a second run, %" PRIu64 " lost.%s",
            report->samples.count, report->event, report->frequency, report->lost,
            strchr(report->event, ':')
                ? ""
                : " A sample often lands behind the instruction that cost the time (skid): "
                  "read shares of time by source and by neighbourhood, counts by instruction.");
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

static void say_verdict(const struct annotate_report *report, char *text, size_t size)
{
    size_t at = 0;
    if (report->is_list)
        at = (size_t)snprintf(text, size, "The %zu hottest functions of %.100s", report->row_count,
                              report->head.allocator);
    for (size_t i = 0; i < report->function_count && i < 3 && at < size; i++) {
        const struct annotate_function *function = &report->functions[i];
        at += (size_t)snprintf(text + at, size - at, "%s%.60s %s %.1f instructions", i ? ", " : "",
                               function->name, i ? "" : "executes",
                               function->calls ? per_call(function, function->effects.instructions)
                                               : 0);
    }
    if (report->function_count && at < size)
        snprintf(text + at, size - at, " a call");
}

int annotate_print_html(const struct annotate_report *report, FILE *stream)
{
    struct html_page page;
    char verdict[512], title[256], ids[IDS_MAX][24];
    char *subject = html_words(report->head.command, " on ", report->head.allocator);
    struct html_head head = {
        .kind = "annotate", .title = title, .verdict = verdict, .subject = subject};
    if (!subject || html_begin(&page) != 0) {
        free(subject);
        return -1;
    }
    say_verdict(report, verdict, sizeof verdict);
    snprintf(title, sizeof title, "%.180s: machine code – hakmem-trace", report->head.command[0]);
    if (report->is_list)
        put_hottest(&page, report);
    for (size_t i = 0; i < report->function_count && i < IDS_MAX; i++) {
        snprintf(ids[i], sizeof ids[i], "function-%zu", i);
        put_function(&page, report, &report->functions[i], ids[i]);
    }
    put_notes(&page, report);
    int result = html_end(&page, &head, stream), error = errno;
    free(subject);
    errno = error;
    return result;
}
