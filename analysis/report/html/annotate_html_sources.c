/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>

#include "annotate_html_code.h"
#include "html_bars.h"
#include "html_colour.h"
#include "html_table.h"

static double per_call(const struct annotate_function *function, uint64_t count)
{
    return function->calls ? (double)count / (double)function->calls : NAN;
}

static void source_bar(struct html_bar *bar, const struct annotate_source *source, double value,
                       const char *format_of)
{
    char text[32];
    *bar = (struct html_bar){.name = source->name,
                             .class = html_source_class(source->name),
                             .value = value,
                             .low = NAN,
                             .high = NAN};
    snprintf(text, sizeof text, "%.2f", value);
    snprintf(bar->tip, sizeof bar->tip, "%s: %s %s", source->name, text, format_of);
}

static void draw_sources(struct html_page *page, const struct annotate_function *function)
{
    struct html_bar work[ANNOTATE_SOURCES_MAX], time[ANNOTATE_SOURCES_MAX];
    size_t count = function->source_count;
    html_key_begin(page);
    for (size_t i = 0; i < count; i++) {
        const struct annotate_source *source = &function->sources[i];
        double share = annotate_share(&source->samples, &function->samples);
        source_bar(&work[i], source, per_call(function, source->effects.instructions),
                   "instructions of a call");
        source_bar(&time[i], source, 100 * share, "% of its time");
        if (source->effects.instructions || source->samples.count)
            html_key_item(page, work[i].class, source->name, NULL);
    }
    html_key_end(page);
    char shown[48], samples[48];
    snprintf(shown, sizeof shown, "%.2f", per_call(function, function->effects.instructions));
    snprintf(samples, sizeof samples, "%" PRIu64 " samples", function->samples.count);
    const struct html_stack of_work = {"Instructions of a call", shown, work, count};
    const struct html_stack of_time = {"Time", samples, time, count};
    if (function->calls)
        html_stacks(page, "Instructions of a call by source",
                    "One bar whose parts are the sources of the instructions.", &of_work, 1, 0);
    if (function->samples.count)
        html_stacks(page, "Time by source", "One bar whose parts are the sources of the samples.",
                    &of_time, 1, 0);
}

static void source_row(struct html_table *table, const struct annotate_report *report,
                       const struct annotate_function *function, const char *name,
                       const struct count_effects *effects, const struct annotate_samples *samples)
{
    html_row_begin(table);
    if (effects == &function->effects)
        html_cell_text(table, name);
    else
        html_cell_name(table, html_source_class(name), name);
    html_cell_number(table, per_call(function, effects->instructions), 2);
    html_cell_number(table, report->disassembled ? per_call(function, effects->loads) : NAN, 2);
    html_cell_number(table, report->disassembled ? per_call(function, effects->stores) : NAN, 2);
    html_cell_number(table, report->disassembled ? per_call(function, effects->branches) : NAN, 2);
    html_cell_count(table, samples->count);
    html_cell_share(table, annotate_share(samples, &function->samples));
    html_row_end(table);
}

static void table_of_sources(struct html_page *page, const struct annotate_report *report,
                             const struct annotate_function *function)
{
    static const struct html_column columns[] = {
        {"source", false},  {"instructions", true}, {"loads", true},        {"stores", true},
        {"branches", true}, {"samples", true},      {"share of time", true}};
    struct html_table table;
    html_table_begin(&table, page, "What a call executes, by source", columns, 7);
    for (size_t i = 0; i < function->source_count; i++) {
        const struct annotate_source *source = &function->sources[i];
        source_row(&table, report, function, source->name, &source->effects, &source->samples);
    }
    source_row(&table, report, function, "all", &function->effects, &function->samples);
    html_table_end(&table);
}

void annotate_html_sources(struct html_page *page, const struct annotate_report *report,
                           const struct annotate_function *function)
{
    html_figure_begin(page, report->head.calls
                                ? "What a call executes, and where its time goes, by source"
                                : "Where its time goes, by source");
    draw_sources(page, function);
    html_figure_table(page);
    table_of_sources(page, report, function);
    html_figure_end(page);
}
