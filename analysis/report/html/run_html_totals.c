/* SPDX-License-Identifier: MIT */
/* What stands below the pictures: totals, what watching cost, how to look closer, notes. */
#include "run_html_parts.h"

#include <math.h>

#include "html_table.h"
#include "html_text.h"

static void number_row(struct html_table *table, const char *name, double value, const char *unit)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, value, 6);
    html_cell_text(table, unit);
    html_row_end(table);
}

void run_html_totals(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"figure", false}, {"value", true}, {"unit", false}};
    struct html_table table;
    html_section(page, "totals", "Totals");
    html_table_begin(&table, page, "The whole run", columns, 3);
    number_row(&table, "wall clock", report->wall_s, "s");
    number_row(&table, "processor time", report->cpu_s, "s");
    number_row(&table, "of it in user code", report->user_s, "s");
    number_row(&table, "of it in the kernel", report->system_s, "s");
    number_row(&table, "max RSS of the largest process", (double)report->max_rss_kb, "KiB");
    number_row(&table, "operations", report->operations, "");
    number_row(&table, "operations per second of processor time", report->operations_per_cpu_s,
               "/s");
    number_row(&table, "bytes handed out", report->bytes, "bytes");
    number_row(&table, "program images that counted",
               report->counted ? (double)report->processes : NAN, "");
    number_row(&table, "malloc’s share of processor time", report->malloc_share, "");
    number_row(&table, "its 95 % interval, from", report->malloc_low, "");
    number_row(&table, "to", report->malloc_high, "");
    number_row(&table, "malloc’s time per operation", report->malloc_ns_per_op, "ns");
    if (report->attached.pid) {
        number_row(&table, "attaching took", report->attached.attach_ms, "ms");
        number_row(&table, "detaching took", report->attached.detach_ms, "ms");
    }
    html_table_end(&table);
}

void run_html_watching(struct html_page *page, const struct report *report)
{
    static const struct html_column columns[] = {
        {"figure", false}, {"value", true}, {"unit", false}};
    const struct report_overhead *cost = &report->overhead;
    struct html_table table;
    html_section(page, "watching", "What watching cost");
    if (report->overhead_measured)
        html_paragraph(page,
                       "%.2f\u00a0%% of the program’s processor time; the budget is %g\u00a0%%.",
                       100 * cost->total, 100 * cost->budget);
    html_table_begin(&table, page, "What watching cost, and what was sampled", columns, 3);
    if (report->overhead_measured) {
        number_row(&table, "in all, of the processor time", cost->total, "");
        number_row(&table, "samples", cost->sampling, "");
        number_row(&table, "slow path", cost->slow_path, "");
        number_row(&table, "this tool", cost->tool, "");
        number_row(&table, "of that, looks at memory", cost->looks, "");
        number_row(&table, "budget", cost->budget, "");
        number_row(&table, "a sample", cost->sample_ns, "ns");
        number_row(&table, "a sampled page fault", cost->fault_ns, "ns");
        number_row(&table, "a followed page fault", cost->follow_ns, "ns");
        number_row(&table, "a context switch", cost->switch_ns, "ns");
        number_row(&table, "context switches", (double)cost->switches, "");
    }
    if (report->event) {
        number_row(&table, "samples a second of processor time", report->frequency, "Hz");
        number_row(&table, "samples", (double)report->samples, "");
        number_row(&table, "samples of page faults", (double)report->fault_samples, "");
        number_row(&table, "samples lost", (double)report->lost, "");
        number_row(&table, "times throttled", (double)report->throttled, "");
    }
    html_table_end(&table);
}

void run_html_notes(struct html_page *page, const struct report *report)
{
    if (report->note_count == 0)
        return;
    html_section(page, "notes", "Notes");
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

/* What this page can't hold, for it takes another run, and how to get it. */
void run_html_closer(struct html_page *page, const struct report *report)
{
    static const struct {
        const char *command, *words;
    } ways[] = {
        {"run --heap", "Flame graphs of who asked for the bytes that were live at the peak and "
                       "never given back:"},
        {"callers", "Who calls malloc, from more samples, by bytes asked for, too, with advice:"},
        {"annotate", "The instructions of malloc and free, with exact counts, too:"},
    };
    if (report->attached.pid)
        return;
    html_section(page, "closer", "A closer look");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (i == 0 && report->heap)
            continue;
        html_paragraph(page, "%s", ways[i].words);
        fprintf(page->stream, "<pre class=\"command\"><code>hakmem-trace %s --html %s.html -- ",
                ways[i].command, i ? ways[i].command : "heap");
        html_command(page->stream, report->command);
        fputs("</code></pre>\n", page->stream);
    }
}
