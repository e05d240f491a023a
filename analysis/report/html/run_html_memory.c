/* SPDX-License-Identifier: MIT */
/* Memory over time, at its most, and at the end. */
#include "run_html_parts.h"

#include <math.h>
#include <string.h>

#include "html_bars.h"
#include "html_colour.h"
#include "html_series.h"
#include "html_table.h"

static const struct svg_axis bytes_axis = {4, 2, html_bytes_text};

static double greatest(const double *values, size_t count)
{
    double most = NAN;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, values[i]);
    return most;
}

static void key(struct html_page *page, const struct html_series *series, size_t moments)
{
    char text[64], bytes[48];
    double most = greatest(series->values, moments);
    if (isnan(most))
        return;
    snprintf(text, sizeof text, "at most %s", html_bytes_text(most, bytes, sizeof bytes));
    html_key_item(page, series->class, series->name, text);
}

static void table_of_moments(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"after, s", true}, {"resident", true}, {"in live blocks", true}, {"retained", true}};
    struct html_table table;
    html_table_begin(&table, page, "Memory over time", columns, 4);
    for (size_t i = 0; i < report->moment_count; i++) {
        const struct report_moment *moment = &report->moments[i];
        html_row_begin(&table);
        html_cell_number(&table, moment->at_s, 3);
        html_cell_bytes(&table, moment->resident);
        html_cell_bytes(&table, moment->live);
        html_cell_bytes(&table, moment->retained);
        html_row_end(&table);
    }
    html_table_end(&table);
}

static void over_time(struct html_page *page, const struct report *report)
{
    double at[REPORT_MOMENTS_MAX], resident[REPORT_MOMENTS_MAX], live[REPORT_MOMENTS_MAX],
        retained[REPORT_MOMENTS_MAX];
    size_t count = report->moment_count;
    if (count < 2)
        return;
    for (size_t i = 0; i < count; i++) {
        at[i] = 1e9 * report->moments[i].at_s;
        resident[i] = report->moments[i].resident;
        live[i] = report->moments[i].live;
        retained[i] = report->moments[i].retained;
    }
    const struct html_series series[] = {{"resident (RSS)", "c-0", resident, true},
                                         {"in live blocks", "c-1", live, true},
                                         {"retained for reuse", "c-2", retained, false}};
    const struct html_places places = {at, count, {5, 10, svg_time_text}};
    html_figure_begin(page, "Over time: what was resident, what blocks in use held of it, and free "
                            "spans kept for reuse");
    html_key_begin(page);
    for (size_t s = 0; s < 3; s++)
        key(page, &series[s], count);
    html_key_end(page);
    html_series(page, "Memory over time",
                "Lines over the seconds of the run: resident bytes, bytes in live blocks, retained "
                "bytes.",
                &places, series, 3, &bytes_axis);
    html_figure_table(page);
    table_of_moments(page, report);
    html_figure_end(page);
}

static void kind_bar(struct html_bar *bar, const struct report_kind *kind, uint64_t total)
{
    char bytes[48], live[48];
    *bar = (struct html_bar){.name = kind->name,
                             .class = isnan(kind->live) ? "c-0" : "c-1",
                             .value = (double)kind->resident,
                             .low = NAN,
                             .high = NAN};
    html_bytes_text((double)kind->resident, bytes, sizeof bytes);
    snprintf(bar->shown, sizeof bar->shown, "%s · %.1f\u00a0%%", bytes,
             total ? 100 * (double)kind->resident / (double)total : 0);
    snprintf(bar->tip, sizeof bar->tip, "%s: %s resident%s%s", kind->name, bytes,
             isnan(kind->live) ? "" : ", of it in live blocks ",
             isnan(kind->live) ? "" : html_bytes_text(kind->live, live, sizeof live));
}

static void tables_of_kinds(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"what", false}, {"resident", true}, {"share", true}, {"in live blocks", true}};
    const struct report_resident *resident = &report->resident;
    struct html_table table;
    html_table_begin(&table, page, "Resident memory by kind", columns, 4);
    for (size_t k = 0; k < resident->kind_count; k++) {
        const struct report_kind *kind = &resident->kinds[k];
        html_row_begin(&table);
        html_cell_text(&table, kind->name);
        html_cell_bytes(&table, (double)kind->resident);
        html_cell_share(&table,
                        resident->total ? (double)kind->resident / (double)resident->total : 0);
        html_cell_bytes(&table, kind->live);
        html_row_end(&table);
    }
    html_row_begin(&table);
    html_cell_text(&table, "in all");
    html_cell_bytes(&table, (double)resident->total);
    html_row_end(&table);
    html_table_end(&table);
}

static void at_its_most(struct html_page *page, const struct report *report)
{
    const struct report_resident *resident = &report->resident;
    struct html_bar bars[REPORT_KINDS_MAX];
    char total[48];
    size_t count = 0;
    if (!resident->seen)
        return;
    for (size_t k = 0; k < resident->kind_count; k++) {
        if (resident->kinds[k].resident)
            kind_bar(&bars[count++], &resident->kinds[k], resident->total);
    }
    html_figure_begin(page, "At its most: resident memory by what it is");
    html_bar_rows(page, "Resident memory by kind", "One bar for each kind of memory.", bars, count,
                  &bytes_axis);
    html_figure_table(page);
    tables_of_kinds(page, report);
    html_figure_end(page);
    html_note(page, "Process %d after %.3f s: %s, the largest of %llu looks.", resident->pid,
              resident->at_s, html_bytes_text((double)resident->total, total, sizeof total),
              (unsigned long long)resident->looks);
}

static void at_the_end(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {{"at the end", false}, {"bytes", true}};
    const struct {
        const char *name;
        uint64_t bytes;
    } rows[] = {{"mapped", report->memory.mapped},
                {"in live blocks", report->memory.live},
                {"retained", report->memory.retained},
                {"metadata", report->memory.metadata}};
    struct html_table table;
    html_table_begin(&table, page, "Memory at the end, of the process that had most mapped",
                     columns, 2);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        html_row_begin(&table);
        html_cell_text(&table, rows[i].name);
        html_cell_bytes(&table, (double)rows[i].bytes);
        html_row_end(&table);
    }
    html_table_end(&table);
}

void run_html_memory(struct html_page *page, const struct report *report)
{
    if (!report->counted && report->moment_count < 2)
        return;
    html_section(page, "memory", "Memory");
    over_time(page, report);
    if (!report->counted)
        return;
    at_its_most(page, report);
    at_the_end(page, report);
}
