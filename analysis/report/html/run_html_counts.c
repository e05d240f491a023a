/* SPDX-License-Identifier: MIT */
/* What libhakmem counted: blocks by size class, and its counters. */
#include "run_html_parts.h"

#include <math.h>

#include "html_bars.h"
#include "html_table.h"

static void class_bar(struct html_bar *bar, const struct report_class *class)
{
    char out[48], back[48];
    *bar = (struct html_bar){.name = class->name,
                             .class = "c-1",
                             .value = (double)class->mallocs,
                             .low = NAN,
                             .high = NAN};
    snprintf(bar->tip, sizeof bar->tip, "%s%s: %s handed out (%.1f %%), %s taken back", class->name,
             class->bytes ? " bytes" : "", html_count_text(class->mallocs, out, sizeof out),
             100 * class->share, html_count_text(class->frees, back, sizeof back));
}

static void table_of_classes(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"size class", true}, {"handed out", true},    {"taken back", true},
        {"share", true},      {"resident then", true}, {"in live blocks then", true}};
    struct html_table table;
    html_table_begin(
        &table, page,
        "Size classes; resident and live bytes are of the moment when most was resident", columns,
        6);
    for (size_t i = 0; i < report->class_count; i++) {
        const struct report_class *class = &report->classes[i];
        bool known = report->resident.seen && class->bytes;
        html_row_begin(&table);
        html_cell_text(&table, class->name);
        html_cell_count(&table, class->mallocs);
        html_cell_count(&table, class->frees);
        html_cell_share(&table, class->share);
        html_cell_bytes(&table, known ? (double)class->resident : NAN);
        html_cell_bytes(&table, known ? (double)class->live : NAN);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void run_html_sizes(struct html_page *page, const struct report *report)
{
    static const struct svg_axis axis = {4, 10, svg_number_text};
    struct html_bar bars[REPORT_CLASSES_MAX];
    if (!report->counted || report->class_count == 0)
        return;
    for (size_t i = 0; i < report->class_count; i++)
        class_bar(&bars[i], &report->classes[i]);
    html_section(page, "sizes", "Size classes");
    html_figure_begin(page, "Blocks handed out, by the bytes of their size class");
    html_histogram(page, "Blocks by size class", "A column for each size class that had blocks.",
                   bars, report->class_count, false, &axis);
    html_figure_table(page);
    table_of_classes(page, report);
    html_figure_end(page);
}

void run_html_counters(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"counter", false}, {"count", true}, {"per operation", true}, {"what it counts", false}};
    static const struct html_column levels[] = {{"factor", false}, {"level", false}};
    struct html_table table;
    if (!report->counted)
        return;
    html_section(page, "counters", "Counters");
    html_table_begin(&table, page, "What libhakmem counted", columns, 4);
    for (size_t i = 0; i < report->counter_count; i++) {
        const struct report_counter *counter = &report->counters[i];
        html_row_begin(&table);
        html_cell_text(&table, counter->name);
        html_cell_count(&table, counter->value);
        html_cell_significant(&table, counter->per_op, 4);
        html_cell_text(&table, counter->text);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_table_begin(&table, page, "The levels that the factors were built with", levels, 2);
    for (size_t i = 0; i < report->level_count; i++) {
        html_row_begin(&table);
        html_cell_text(&table, report->levels[i].factor);
        html_cell_text(&table, report->levels[i].level);
        html_row_end(&table);
    }
    html_table_end(&table);
}
