/* SPDX-License-Identifier: MIT */
/* The slow paths: events, system calls, size classes. */
#include "run_html_parts.h"

#include <math.h>
#include <string.h>

#include "html_table.h"

static void latency_row(struct html_table *table, const struct report_latency *row, bool is_call)
{
    bool measured = *row->unit && row->count;
    html_row_begin(table);
    html_cell_text(table, row->name);
    if (is_call)
        html_cell_text(table, row->of);
    html_cell_count(table, row->count);
    html_cell_text(table, row->unit);
    html_cell_number(table, measured ? row->median : NAN, 0);
    html_cell_number(table, measured ? row->p99 : NAN, 0);
    html_cell_number(table, measured ? (double)row->max : NAN, 0);
    html_cell_number(table, measured ? (double)row->total : NAN, 0);
    html_cell_bytes(table, row->bytes ? (double)row->bytes : NAN);
    html_cell_count(table, row->hits);
    html_cell_significant(table, row->cost_ns, 4);
    html_cell_significant(table, row->cost, 3);
    html_cell_text(table, row->cut_short ? "in part" : "");
    html_row_end(table);
}

static void table_of_latencies(struct html_page *page, const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {
        {"event", false}, {"events", true},   {"unit", false}, {"median", true},
        {"99 %", true},   {"max", true},      {"total", true}, {"of bytes", true},
        {"probed", true}, {"ns a hit", true}, {"cost", true},  {"", false}};
    struct html_table table;
    html_table_begin(
        &table, page,
        "Events of the slow paths; the last columns say what watching them cost, of the "
        "processor time",
        columns, 12);
    for (size_t i = 0; i < slow_path->kind_count; i++)
        latency_row(&table, &slow_path->kinds[i], false);
    html_table_end(&table);
}

static void table_of_calls(struct html_page *page, const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {{"system call", false},
                                                 {"of", false},
                                                 {"calls", true},
                                                 {"unit", false},
                                                 {"median", true},
                                                 {"99 %", true},
                                                 {"max", true},
                                                 {"total", true},
                                                 {"of bytes", true},
                                                 {"probed", true},
                                                 {"ns a hit", true},
                                                 {"cost", true},
                                                 {"", false}};
    struct html_table table;
    html_heading(page, "System calls");
    html_table_begin(&table, page, "System calls for memory, by whose they were", columns, 13);
    for (size_t i = 0; i < slow_path->call_count; i++)
        latency_row(&table, &slow_path->calls[i], true);
    html_table_end(&table);
}

static void table_of_class_latencies(struct html_page *page,
                                     const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {
        {"event", false},   {"class", true},   {"bytes", true}, {"events", true},
        {"total ns", true}, {"mean ns", true}, {"max ns", true}};
    struct html_table table;
    if (slow_path->by_class_count == 0)
        return;
    html_fold_begin(page, "The same by size class");
    html_table_begin(&table, page, "The same by size class", columns, 7);
    for (size_t i = 0; i < slow_path->by_class_count; i++) {
        const struct report_class_latency *row = &slow_path->by_class[i];
        html_row_begin(&table);
        html_cell_text(&table, row->kind);
        html_cell_count(&table, row->class);
        html_cell_number(&table, row->bytes ? (double)row->bytes : NAN, 0);
        html_cell_count(&table, row->count);
        html_cell_count(&table, row->total);
        html_cell_number(&table, row->count ? (double)row->total / (double)row->count : NAN, 0);
        html_cell_count(&table, row->max);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_fold_end(page);
}

static void table_of_sizes(struct html_page *page, const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {{"bytes asked for", true}, {"calls", true}};
    struct html_table table;
    if (!slow_path->every_call)
        return;
    html_heading(page, "Sizes asked for");
    html_table_begin(&table, page, "Sizes asked for, of every call", columns, 2);
    for (size_t i = 0; i < slow_path->size_count; i++) {
        html_row_begin(&table);
        html_cell_count(&table, slow_path->sizes[i].bytes);
        html_cell_count(&table, slow_path->sizes[i].count);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void table_of_watching(struct html_page *page, const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {{"lost for want of room", false},
                                                 {"events", true}};
    static const struct html_column means[] = {{"what", false}, {"watched by", false}};
    struct html_table table;
    if (slow_path->loss_count) {
        html_table_begin(&table, page, "Events that were lost", columns, 2);
        for (size_t i = 0; i < slow_path->loss_count; i++) {
            html_row_begin(&table);
            html_cell_text(&table, slow_path->lost_by[i].name);
            html_cell_count(&table, slow_path->lost_by[i].count);
            html_row_end(&table);
        }
        html_table_end(&table);
    }
    if (!slow_path->how_count)
        return;
    html_table_begin(&table, page, "By which of the kernel’s instruments", means, 2);
    for (size_t i = 0; i < slow_path->how_count; i++) {
        html_row_begin(&table);
        html_cell_text(&table, slow_path->how[i].name);
        html_cell_text(&table, slow_path->how[i].how);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void run_html_slow_path(struct html_page *page, const struct report *report)
{
    const struct report_slow_path *slow_path = &report->slow_path;
    if (!slow_path->watched)
        return;
    html_section(page, "slow-path", "Slow paths");
    html_paragraph(page,
                   "Watched by eBPF for %.3f s; %llu events were lost. ‘In part’: watched for as "
                   "long as that stayed within the budget.",
                   slow_path->seconds, (unsigned long long)slow_path->lost);
    run_html_latencies(page, slow_path);
    table_of_latencies(page, slow_path);
    table_of_class_latencies(page, slow_path);
    table_of_calls(page, slow_path);
    table_of_sizes(page, slow_path);
    table_of_watching(page, slow_path);
}
