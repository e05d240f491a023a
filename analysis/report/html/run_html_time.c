/* SPDX-License-Identifier: MIT */
/* Where processor time went, by source and by step. */
#include "run_html_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "callers_html_paths.h"
#include "html_bars.h"
#include "html_colour.h"
#include "html_table.h"

static bool is_of_malloc(const struct report_source *source)
{
    return source->group != REPORT_APPLICATION && source->group != REPORT_KERNEL;
}

static void say_name(const struct report_source *source, char *text, size_t size)
{
    if (source->other)
        snprintf(text, size, "%s: %s", source->other, source->name);
    else
        snprintf(text, size, "%s", source->name);
}

static void say_tip(const struct report_source *source, const char *name, char *text, size_t size)
{
    int at = snprintf(text, size, "%s: %.2f %% of the processor time", name, 100 * source->share);
    if (!isnan(source->ci_low) && at < (int)size)
        at += snprintf(text + at, size - (size_t)at, " [%.2f, %.2f]", 100 * source->ci_low,
                       100 * source->ci_high);
    if (!isnan(source->ns_per_op) && at < (int)size)
        at += snprintf(text + at, size - (size_t)at, ", %.2f ns per operation", source->ns_per_op);
    if (!isnan(source->ci_low) && at < (int)size)
        snprintf(text + at, size - (size_t)at, ", %llu samples",
                 (unsigned long long)source->samples);
}

struct rows {
    struct html_bar bars[REPORT_SOURCES_MAX];
    char names[REPORT_SOURCES_MAX][128];
    size_t count;
};

/* Shares of the processor time, or ns per operation. */
static void take(struct rows *rows, const struct report_source *source, bool per_op)
{
    size_t at = rows->count++;
    struct html_bar *bar = &rows->bars[at];
    double scale = per_op && source->share > 0 ? source->ns_per_op / source->share : 1;
    char name[128];
    say_name(source, name, sizeof name);
    memcpy(rows->names[at], name, sizeof name);
    *bar = (struct html_bar){.name = rows->names[at],
                             .class = html_source_class(source->name),
                             .value = per_op ? source->ns_per_op : source->share,
                             .low = scale * source->ci_low,
                             .high = scale * source->ci_high};
    if (isnan(source->ns_per_op))
        snprintf(bar->shown, sizeof bar->shown, "%.1f\u00a0%%", 100 * source->share);
    else
        snprintf(bar->shown, sizeof bar->shown, "%.2f\u00a0ns · %.1f\u00a0%%", source->ns_per_op,
                 100 * source->share);
    say_tip(source, name, bar->tip, sizeof bar->tip);
}

/* Both rows together, so that they may be compared part by part: each as wide as the picture. */
static void draw_stacks(struct html_page *page, const struct report *report)
{
    static struct rows all, own;
    char sum[64];
    all.count = own.count = 0;
    for (size_t i = 0; i < report->source_count; i++)
        take(&all, &report->sources[i], false);
    snprintf(sum, sizeof sum, "%.3f\u00a0s", report->cpu_s);
    const struct html_stack total = {"In total, of the processor time", sum, all.bars, all.count};
    html_stacks(
        page, "Processor time by source",
        "One bar whose parts are the sources, as wide as their shares of the processor time.",
        &total, 1, 0);
    if (!report->allocator_separated || isnan(report->malloc_ns_per_op))
        return;
    for (size_t i = 0; i < report->source_count; i++) {
        if (is_of_malloc(&report->sources[i]) && report->sources[i].share > 0)
            take(&own, &report->sources[i], true);
    }
    snprintf(sum, sizeof sum, "%.2f\u00a0ns", report->malloc_ns_per_op);
    const struct html_stack stack = {"An operation, in malloc alone", sum, own.bars, own.count};
    html_stacks(page, "An operation of malloc by source",
                "One bar whose parts are malloc’s sources, as wide as their nanoseconds in an "
                "operation.",
                &stack, 1, 0);
}

static void draw_intervals(struct html_page *page, const struct report *report)
{
    static struct rows rows;
    static const struct svg_axis axis = {4, 10, svg_percent_text};
    rows.count = 0;
    for (size_t i = 0; i < report->source_count; i++) {
        if (report->sources[i].share > 0)
            take(&rows, &report->sources[i], false);
    }
    html_bar_rows(
        page, "Shares by source, with intervals",
        "One bar for each source that has any time: its share of the processor time, with "
        "the 95 % interval as a whisker.",
        rows.bars, rows.count, &axis);
}

static void table_of_sources(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"source", false}, {"group", false},        {"samples", true},
        {"share", true},   {"95 % interval", true}, {"ns per operation", true}};
    struct html_table table;
    html_table_begin(&table, page, "Processor time by source", columns, 6);
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        char name[128];
        say_name(source, name, sizeof name);
        html_row_begin(&table);
        html_cell_name(&table, html_source_class(source->name), name);
        html_cell_text(&table, report_group_names[source->group]);
        html_cell_count(&table, source->samples);
        html_cell_share(&table, source->share);
        html_cell_interval(&table, source->ci_low, source->ci_high, 100, 1);
        html_cell_number(&table, source->ns_per_op, 2);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void run_html_time(struct html_page *page, const struct report *report)
{
    if (!report->event || !report->samples)
        return;
    html_section(page, "time", "Time by source");
    html_paragraph(page,
                   "%llu samples of %s at %u Hz%s%s. An interval says how far a share may be off "
                   "by chance of sampling alone.",
                   (unsigned long long)report->samples, report->event, report->frequency,
                   report->kernel_sampled ? "" : " outside the kernel",
                   report->aggregated ? ", added up in the kernel" : "");
    html_figure_begin(page, "Where the processor time went");
    draw_stacks(page, report);
    draw_intervals(page, report);
    html_figure_table(page);
    table_of_sources(page, report);
    html_figure_end(page);
}

void run_html_callers(struct html_page *page, const struct report *report)
{
    const struct callers_report *callers = report->callers;
    if (!callers || !callers->by_time_count)
        return;
    html_section(page, "callers", "Who calls malloc");
    html_paragraph(
        page,
        "By malloc’s time: %llu samples with their stacks, at %u Hz, of which %llu were in malloc; "
        "%llu were lost.",
        (unsigned long long)callers->time_samples, callers->frequency,
        (unsigned long long)callers->malloc_samples, (unsigned long long)callers->lost);
    callers_html_by_time(page, callers);
}

void run_html_steps(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"step", false}, {"samples", true}, {"share", true}};
    struct html_bar bars[STEP_PARTS];
    struct html_table table;
    if (isnan(report->steps[0].share) || !report->event || !report->samples)
        return;
    for (int part = 0; part < STEP_PARTS; part++) {
        bars[part] = (struct html_bar){.name = step_part_names[part],
                                       .class = html_source_class(step_part_names[part]),
                                       .value = report->steps[part].share,
                                       .low = NAN,
                                       .high = NAN};
        snprintf(bars[part].shown, sizeof bars[part].shown, "%.1f\u00a0%%",
                 100 * report->steps[part].share);
        snprintf(bars[part].tip, sizeof bars[part].tip, "%s: %.2f %% of the processor time",
                 step_part_names[part], 100 * report->steps[part].share);
    }
    const struct html_stack stack = {"The same samples by step", NULL, bars, STEP_PARTS};
    html_section(page, "steps", "Steps of malloc");
    html_figure_begin(page,
                      "The same time by the parts that every allocator has, so that allocators "
                      "can be compared");
    html_key_begin(page);
    for (int part = 0; part < STEP_PARTS; part++) {
        if (report->steps[part].share > 0)
            html_key_item(page, bars[part].class, bars[part].name, bars[part].shown);
    }
    html_key_end(page);
    html_stacks(page, "Processor time by step",
                "One bar whose parts are the application, the steps of a malloc, and the kernel by "
                "what led there.",
                &stack, 1, 0);
    html_figure_table(page);
    html_table_begin(&table, page, "Processor time by step", columns, 3);
    for (int part = 0; part < STEP_PARTS; part++) {
        html_row_begin(&table);
        html_cell_name(&table, bars[part].class, bars[part].name);
        html_cell_count(&table, report->steps[part].samples);
        html_cell_share(&table, report->steps[part].share);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}
