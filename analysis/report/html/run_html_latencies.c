/* SPDX-License-Identifier: MIT */
/* How long the events of the slow paths took: a histogram for each kind, in powers of two. */
#include "run_html_parts.h"

#include <math.h>
#include <string.h>

#include "html_bars.h"
#include "html_table.h"

struct range {
    size_t first, end; /* of the buckets that hold anything */
};

static struct range range_of(const uint64_t *buckets)
{
    struct range range = {0, REPORT_BUCKETS};
    while (range.first < range.end && !buckets[range.first])
        range.first++;
    while (range.end > range.first && !buckets[range.end - 1])
        range.end--;
    return range;
}

static const char *value_text(double value, const char *unit, char *text, size_t size)
{
    if (strcmp(unit, "ns") == 0)
        return html_time_text(value, text, size);
    if (strcmp(unit, "bytes") == 0)
        return html_bytes_text(value, text, size);
    return svg_number_text(value, text, size);
}

/* As short as a place below a column is. */
static void short_text(double value, const char *unit, char *text, size_t size)
{
    static const char *const units[] = {" ns", " µs", " ms", " s"};
    size_t at = 0;
    if (strcmp(unit, "ns") != 0) {
        value_text(value, unit, text, size);
        return;
    }
    for (; value >= 1000 && at < 3; at++)
        value /= 1000;
    snprintf(text, size, value < 10 && at ? "%.1f%s" : "%.0f%s", value, units[at]);
}

static void draw(struct html_page *page, const struct report_latency *latency, struct range range)
{
    static const struct svg_axis axis = {4, 10, svg_number_text};
    struct html_bar bars[REPORT_BUCKETS];
    char names[REPORT_BUCKETS][32], title[96], median[48], p99[48];
    for (size_t b = range.first; b < range.end; b++) {
        char from[48], to[48], count[48];
        struct html_bar *bar = &bars[b - range.first];
        short_text(exp2((double)b), latency->unit, names[b], sizeof names[b]);
        *bar = (struct html_bar){.name = names[b],
                                 .class = "c-slow",
                                 .value = (double)latency->buckets[b],
                                 .low = NAN,
                                 .high = NAN};
        snprintf(bar->tip, sizeof bar->tip, "%s: %s to %s, %s events", latency->name,
                 value_text(exp2((double)b), latency->unit, from, sizeof from),
                 value_text(exp2((double)b + 1), latency->unit, to, sizeof to),
                 html_count_text(latency->buckets[b], count, sizeof count));
    }
    snprintf(title, sizeof title, "%s: median %s, 99 %% below %s", latency->name,
             value_text(latency->median, latency->unit, median, sizeof median),
             value_text(latency->p99, latency->unit, p99, sizeof p99));
    html_heading(page, title);
    html_histogram(
        page, title,
        "A column for each range, twice as wide as the one before; heights are logarithms "
        "of how many events.",
        bars, range.end - range.first, true, &axis);
}

static void rows(struct html_table *table, const struct report_latency *latency)
{
    struct range range = range_of(latency->buckets);
    for (size_t b = range.first; b < range.end; b++) {
        html_row_begin(table);
        html_cell_text(table, latency->name);
        html_cell_text(table, latency->of ? latency->of : "");
        html_cell_number(table, exp2((double)b), 0);
        html_cell_number(table, exp2((double)b + 1), 0);
        html_cell_text(table, latency->unit);
        html_cell_count(table, latency->buckets[b]);
        html_row_end(table);
    }
}

void run_html_latencies(struct html_page *page, const struct report_slow_path *slow_path)
{
    static const struct html_column columns[] = {{"event", false}, {"of", false},
                                                 {"from", true},   {"below", true},
                                                 {"unit", false},  {"events", true}};
    struct html_table table;
    html_figure_begin(page, "How long they took, and how many blocks were moved");
    html_grid_begin(page);
    for (size_t i = 0; i < slow_path->kind_count; i++) {
        const struct report_latency *latency = &slow_path->kinds[i];
        struct range range = range_of(latency->buckets);
        if (range.first == range.end || !*latency->unit)
            continue;
        html_grid_cell(page);
        draw(page, latency, range);
    }
    html_grid_end(page);
    html_figure_table(page);
    html_table_begin(&table, page, "Events by how long they took", columns, 6);
    for (size_t i = 0; i < slow_path->kind_count; i++)
        rows(&table, &slow_path->kinds[i]);
    for (size_t i = 0; i < slow_path->call_count; i++)
        rows(&table, &slow_path->calls[i]);
    html_table_end(&table);
    html_figure_end(page);
}
