/* SPDX-License-Identifier: MIT */
#include "compare_suite_text.h"

#include <math.h>

#include "compare_suite_losses.h"
#include "compare_suite_tables.h"
#include "compare_text.h"
#include "terminal.h"

static void print_head(const struct suite_report *suite, const struct terminal *terminal)
{
    const struct compare_report *blank = suite->blank;
    FILE *stream = terminal->stream;
    size_t done = 0, wanted = 0;
    for (size_t i = 0; i < suite->workload_count; i++) {
        const struct suite_workload *workload = &suite->workloads[i];
        wanted += !workload->skipped[0];
        done += workload->report && workload->report->rounds_done == blank->rounds;
    }
    fputs("hakmem-trace compare --suite: ", stream);
    terminal_text(terminal, suite->file);
    fprintf(stream, "\n%zu workloads", done);
    if (suite->interrupted)
        fprintf(stream, " of %zu: interrupted", wanted);
    fprintf(stream, ", %u rounds, seed %ju, ", blank->rounds, (uintmax_t)blank->seed);
    if (blank->core >= 0)
        fprintf(stream, "core %d", blank->core);
    else
        fputs("any core", stream);
    fprintf(stream, ", %.1f s\n", suite->elapsed_s);
}

static void print_workload_notes(const struct suite_workload *workload,
                                 const struct terminal *terminal)
{
    const struct compare_report *report = workload->report;
    FILE *stream = terminal->stream;
    if (workload->skipped[0]) {
        fprintf(stream, "note: %s is skipped: ", workload->name);
        terminal_text(terminal, workload->skipped);
        fputc('\n', stream);
    }
    if (report && report->interrupted)
        fprintf(stream, "note: %s was cut short in round %u of %u\n", workload->name,
                report->rounds_done + 1, report->rounds);
    for (size_t i = 0; report && i < report->row_count; i++) {
        if (!report->rows[i].failure[0] || compare_is_floor(report, i))
            continue;
        fprintf(stream, "note: %s failed under ", workload->name);
        terminal_text(terminal, report->rows[i].name);
        fprintf(stream, "%s: %s (--details tells more)\n", i == COMPARE_CONTROL ? ", again" : "",
                report->rows[i].failure);
    }
}

/* Which workloads, and by whom, the notes of their own reports tell. */
static void print_disturbance(const struct suite_report *suite, const struct terminal *terminal)
{
    size_t disturbed = 0;
    double most = 0;
    for (size_t i = 0; i < suite->workload_count; i++) {
        const struct compare_report *report = suite->workloads[i].report;
        if (!report || !report->is_disturbed)
            continue;
        disturbed++;
        most = fmax(most, fmax(report->others_cores, report->stolen_cores));
    }
    if (disturbed)
        fprintf(terminal->stream,
                "note: disturbed: others kept up to %.2f cores busy, in %zu workloads\n", most,
                disturbed);
}

void suite_print_text(const struct suite_report *suite, bool details, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_head(suite, &terminal);
    suite_print_tables(suite, &terminal);
    fputc('\n', stream);
    suite_print_losses(suite, &terminal);
    compare_print_notes(suite->blank, &terminal);
    for (size_t i = 0; i < suite->workload_count; i++)
        print_workload_notes(&suite->workloads[i], &terminal);
    print_disturbance(suite, &terminal);
    for (size_t i = 0; i < suite->workload_count && details; i++) {
        if (!suite->workloads[i].report)
            continue;
        fputc('\n', stream);
        terminal_bold(&terminal, true);
        fprintf(stream, "%s\n", suite->workloads[i].name);
        terminal_bold(&terminal, false);
        compare_print_text(suite->workloads[i].report, true, stream);
    }
}
