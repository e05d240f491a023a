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

/* As text; what others wrote is escaped when it is put into the page. NULL: memory is out. */
static char *subject_of(const struct report *report)
{
    char end[512];
    int at = snprintf(end, sizeof end, "%.100s", report->allocator);
    if (report->attached.pid)
        at += snprintf(end + at, sizeof end - (size_t)at, " (process %d, which %s)",
                       report->attached.pid,
                       report->attached.has_ended ? "ended meanwhile" : "runs on");
    else
        at += snprintf(end + at, sizeof end - (size_t)at,
                       report->signal ? " (killed by signal %d)" : " (exit code %d)",
                       report->signal ? report->signal : report->exit_code);
    if (report->brought)
        snprintf(end + at, sizeof end - (size_t)at, "; the program brought %.200s",
                 report->brought);
    return html_words(report->command, " on ", end);
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

static void put_sections(struct html_page *page, const struct report *report)
{
    run_html_time(page, report);
    run_html_steps(page, report);
    run_html_code(page, report);
    run_html_callers(page, report);
    run_html_memory(page, report);
    run_html_heap(page, report);
    run_html_sizes(page, report);
    run_html_slow_path(page, report);
    run_html_counters(page, report);
    run_html_totals(page, report);
    run_html_closer(page, report);
    run_html_watching(page, report);
    run_html_notes(page, report);
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
