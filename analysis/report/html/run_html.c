/* SPDX-License-Identifier: MIT */
#include "run_html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html_table.h"
#include "html_text.h"
#include "run_html_parts.h"

enum { FIGURE = 40 };

static void say_verdict(const struct report *report, char *text, size_t size)
{
    double cpu = report->cpu_s;
    if (!report->event || !report->samples) {
        snprintf(text, size, "malloc’s share of %.3f\u00a0s of processor time was not measured",
                 cpu);
    } else if (!report->allocator_separated) {
        snprintf(text, size,
                 "malloc’s share of %.3f\u00a0s of processor time can’t be told from the "
                 "application’s",
                 cpu);
    } else {
        int length =
            snprintf(text, size, "malloc took %.1f\u00a0%% of %.3f\u00a0s of processor time",
                     100 * report->malloc_share, cpu);
        if (!isnan(report->malloc_ns_per_op))
            snprintf(text + length, size - (size_t)length, ": %.2f\u00a0ns per operation",
                     report->malloc_ns_per_op);
    }
}

static void say_end(const struct report *report, FILE *stream)
{
    if (report->attached.pid)
        fprintf(stream, "process %d, which %s", report->attached.pid,
                report->attached.has_ended ? "ended meanwhile" : "runs on");
    else if (report->signal)
        fprintf(stream, "killed by signal %d", report->signal);
    else
        fprintf(stream, "exit code %d", report->exit_code);
}

/* As text; what others wrote is escaped when it is put into the page. NULL: memory is out. */
static char *subject_of(const struct report *report)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        return NULL;
    for (size_t i = 0; report->command[i]; i++)
        fprintf(stream, "%s%s", i ? " " : "", report->command[i]);
    fprintf(stream, " on %s (", report->allocator);
    say_end(report, stream);
    fputc(')', stream);
    if (report->brought)
        fprintf(stream, "; the program brought %s", report->brought);
    fclose(stream);
    return text;
}

struct figures {
    struct html_head *head;
    char texts[HTML_KEY_FIGURES_MAX][FIGURE];
};

/* Where the next figure is to be written. */
static char *next_figure(struct figures *figures, const char *name)
{
    size_t at = figures->head->key_count++;
    figures->head->key[at].name = name;
    figures->head->key[at].value = figures->texts[at];
    return figures->texts[at];
}

static void choose_figures(const struct report *report, struct figures *figures)
{
    if (report->allocator_separated && report->samples && !isnan(report->malloc_low))
        snprintf(next_figure(figures, "of it in malloc, 95 % interval"), FIGURE,
                 "%.1f–%.1f\u00a0%%", 100 * report->malloc_low, 100 * report->malloc_high);
    snprintf(next_figure(figures, "wall clock"), FIGURE, "%.3f\u00a0s", report->wall_s);
    snprintf(next_figure(figures, "processor time"), FIGURE, "%.3f\u00a0s", report->cpu_s);
    if (report->counted && report->operations > 0) {
        char *text = next_figure(figures, "operations");
        snprintf(text, FIGURE, report->operations < 1e6 ? "%.0f" : "%.1f\u00a0M",
                 report->operations < 1e6 ? report->operations : report->operations / 1e6);
        snprintf(next_figure(figures, "operations per second of processor time"), FIGURE,
                 "%.2f\u00a0M", report->operations_per_cpu_s / 1e6);
        html_bytes_text(report->bytes, next_figure(figures, "handed out"), FIGURE);
    }
    html_bytes_text(1024.0 * (double)report->max_rss_kb,
                    next_figure(figures, "resident at the most"), FIGURE);
}

static void number_row(struct html_table *table, const char *name, double value, const char *unit)
{
    html_row_begin(table);
    html_cell_text(table, name);
    html_cell_significant(table, value, 6);
    html_cell_text(table, unit);
    html_row_end(table);
}

static void put_totals(struct html_page *page, const struct report *report)
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

static void put_watching(struct html_page *page, const struct report *report)
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

static void put_notes(struct html_page *page, const struct report *report)
{
    if (report->note_count == 0)
        return;
    html_section(page, "notes", "Notes");
    for (size_t i = 0; i < report->note_count; i++)
        html_note(page, "%s", report->notes[i]);
}

static void put_sections(struct html_page *page, const struct report *report)
{
    run_html_time(page, report);
    run_html_steps(page, report);
    run_html_memory(page, report);
    run_html_sizes(page, report);
    run_html_slow_path(page, report);
    run_html_counters(page, report);
    put_totals(page, report);
    put_watching(page, report);
    put_notes(page, report);
}

int report_print_html(const struct report *report, FILE *stream)
{
    struct html_page page;
    char verdict[256], title[256];
    struct html_head head = {
        .kind = report->attached.pid ? "attach" : "run", .title = title, .verdict = verdict};
    struct figures figures = {.head = &head};
    char *subject = subject_of(report);
    if (!subject || html_begin(&page) != 0) {
        free(subject);
        return -1;
    }
    say_verdict(report, verdict, sizeof verdict);
    snprintf(title, sizeof title, "%.200s – hakmem-trace", report->command[0]);
    head.subject = subject;
    choose_figures(report, &figures);
    put_sections(&page, report);
    int result = html_end(&page, &head, stream), error = errno;
    free(subject);
    errno = error;
    return result;
}
