/* SPDX-License-Identifier: MIT */
/* A page of every primitive, with names that would break out of their places if they could. Prints
 * it; check_page.py looks at it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/report/html/html_bars.h"
#include "analysis/report/html/html_colour.h"
#include "analysis/report/html/html_flame.h"
#include "analysis/report/html/html_series.h"
#include "analysis/report/html/html_table.h"

static const char hostile[] = "</script><b x='\"&\x1b[31m\x01\xff\xc3 \xe2\x80\xae <!--]]>";

static struct html_bar bar(const char *name, const char *class, double value, double half)
{
    struct html_bar bar = {name, class, value, value - half, value + half, "", ""};
    snprintf(bar.shown, sizeof bar.shown, "%.1f ns", value);
    snprintf(bar.tip, sizeof bar.tip, "%s: %.1f ns", name, value);
    return bar;
}

static void draw_bars(struct html_page *page)
{
    static const char *const names[] = {
        "application",
        "header",
        "cache",
        "metadata",
        "classify",
        "freelist",
        "check",
        "entry",
        "counting",
        "slow_path",
        "lock",
        "unknown",
        "kernel: page faults",
        "kernel: system calls",
        "kernel: other",
        hostile,
    };
    enum { COUNT = sizeof names / sizeof names[0] };
    static const struct html_column columns[] = {
        {"source", false}, {"ns", true}, {"interval", true}, {"bytes", true}, {"count", true}};
    static const struct svg_axis axis = {4, 10, svg_time_text};
    struct html_bar bars[COUNT];
    struct html_table table;
    for (size_t i = 0; i < COUNT; i++)
        bars[i] = bar(names[i], html_source_class(names[i]), i ? 40.0 / (double)(i + 1) : 90, 1.2);
    struct html_stack stacks[] = {{"in total", "283.1 ns", bars, COUNT},
                                  {"malloc's alone", NULL, bars + 1, COUNT - 1}};
    html_section(page, "bars", "Bars");
    html_figure_begin(page, "Stacked, and one below the other");
    html_stacks(page, "Stacked", "Two rows of parts.", stacks, 2, 0);
    html_bar_rows(page, "Bars", "One bar for each source.", bars, COUNT, &axis);
    html_figure_table(page);
    html_table_begin(&table, page, "Bars", columns, 5);
    for (size_t i = 0; i < COUNT; i++) {
        html_row_begin(&table);
        html_cell_name(&table, bars[i].class, bars[i].name);
        html_cell_number(&table, i == 3 ? NAN : bars[i].value, 1);
        html_cell_interval(&table, bars[i].low, bars[i].high, 1, 1);
        html_cell_bytes(&table, 1000.0 * bars[i].value);
        html_cell_count(&table, 1234567u * i);
        html_row_end(&table);
    }
    html_table_end(&table);
    html_figure_end(page);
}

static void put_table(struct html_page *page)
{
    static const struct html_column columns[] = {{"a", false}, {"b", true}};
    struct html_table table;
    html_table_begin(&table, page, hostile, columns, 2);
    html_row_begin(&table);
    html_cell_text(&table, hostile);
    html_row_end(&table);
    html_table_end(&table);
}

static void draw_histogram(struct html_page *page)
{
    static const struct svg_axis heights = {4, 10, svg_number_text};
    struct html_bar bars[24];
    char names[24][16];
    html_section(page, "histogram", "Histogram");
    for (int i = 0; i < 24; i++) {
        snprintf(names[i], sizeof names[i], "%d", 16 << i % 12);
        bars[i] = bar(names[i], "c-1", floor(exp2(20 - 0.1 * (i - 9) * (i - 9))), NAN);
    }
    for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
        html_figure_begin(page, "Blocks by size class");
        html_histogram(page, "Blocks", "A column for each size class.", bars, 24, logarithmic,
                       &heights);
        html_figure_table(page);
        put_table(page);
        html_figure_end(page);
    }
}

static void draw_series(struct html_page *page)
{
    enum { COUNT = 100 };
    double at[COUNT], resident[COUNT], live[COUNT];
    html_section(page, "series", "Series");
    for (int i = 0; i < COUNT; i++) {
        at[i] = i * 20e6;
        resident[i] = 3e6 * (1 + sqrt(i)) + 1e6 * (i % 7);
        live[i] = i >= 40 && i < 45 ? NAN : 0.7 * resident[i] + 1e6 * sin(i);
    }
    struct html_places places = {at, COUNT, {5, 10, svg_time_text}};
    struct html_series series[] = {{"resident", "c-0", resident, true},
                                   {"live", "c-1", live, true}};
    struct svg_axis axis = {4, 2, html_bytes_text};
    html_figure_begin(page, "Memory over time");
    html_key_begin(page);
    html_key_item(page, "c-0", "resident", "30.1 MiB");
    html_key_item(page, "c-1", "live", NULL);
    html_key_end(page);
    html_series(page, "Memory", "Two lines.", &places, series, 2, &axis);
    html_figure_table(page);
    put_table(page);
    html_figure_end(page);
}

static void draw_flame(struct html_page *page)
{
    struct html_flame_path paths[] = {
        {{"main", "read", "malloc"}, 3, 30},
        {{"main", "read", "grow", "realloc"}, 4, 20},
        {{"main", hostile, "free"}, 3, 25},
        {{"main", "read", "malloc"}, 3, 5},
        {{"start_thread", "work", "malloc"}, 3, 15},
        {{"never"}, 1, 0},
        {{"start_thread", "work", "seldom"}, 3, 0.01},
    };
    html_section(page, "flame", "Flame graph");
    html_figure_begin(page, "Who calls malloc");
    html_flame(page, "Callers", "A flame graph.", "all", paths, sizeof paths / sizeof paths[0],
               svg_number_text);
    html_figure_table(page);
    put_table(page);
    html_figure_end(page);
}

int main(void)
{
    static char *const words[] = {"hakmem-trace", "run", "--", "it's", (char *)hostile, "", NULL};
    struct html_page page;
    html_made_by = words;
    if (html_begin(&page) != 0)
        return 1;
    draw_bars(&page);
    draw_histogram(&page);
    draw_series(&page);
    draw_flame(&page);
    html_note(&page, "A note with %s in it.", hostile);
    struct html_head head = {
        .kind = "sample",
        .title = hostile,
        .verdict = "malloc took 12.3 % of 4.567 s of processor time: 8.90 ns an operation",
        .subject = hostile,
        .key = {{"4.567 s", "processor time"},
                {"12.3 %", "malloc's share"},
                {"8.90 ns", "an operation"},
                {"123.4 M", "operations"},
                {"56.7 MiB", "resident at most"}},
        .key_count = 5,
    };
    return html_end(&page, &head, stdout) == 0 ? 0 : 1;
}
