/* SPDX-License-Identifier: MIT */
#include "health_text.h"

#include <math.h>

#include "terminal.h"

const char *const health_verdict_names[] = {
    [HEALTH_UNKNOWN] = "unknown", [HEALTH_PASS] = "PASS", [HEALTH_FAIL] = "FAIL"};

/* Behind the profile and the verdict. */
enum { FIGURES_COLUMN = 18 };

static void print_verdict(const struct terminal *terminal, enum health_verdict verdict, int width)
{
    static const enum terminal_colour colours[] = {[HEALTH_UNKNOWN] = TERMINAL_YELLOW,
                                                   [HEALTH_PASS] = TERMINAL_GREEN,
                                                   [HEALTH_FAIL] = TERMINAL_RED};
    terminal_colour(terminal, colours[verdict]);
    fprintf(terminal->stream, "%-*s", width, health_verdict_names[verdict]);
    terminal_colour(terminal, TERMINAL_PLAIN);
}

static double megabytes(double kb)
{
    return kb * 1024 / 1e6;
}

static void print_figures(const struct health_profile *profile, const struct terminal *terminal)
{
    const struct compare_row *row = &profile->runs.rows[HEALTH_ROW],
                             *glibc = &profile->runs.rows[0];
    if (!row->run_count || !glibc->run_count)
        return;
    char text[96];
    int column = FIGURES_COLUMN;
    column += fprintf(terminal->stream, " %6.1f M ops/s", row->compared.median);
    snprintf(text, sizeof text, "%.2f of glibc", row->ratio);
    if (isfinite(row->ratio_low))
        snprintf(text, sizeof text, "%.2f [%.2f, %.2f] of glibc", row->ratio, row->ratio_low,
                 row->ratio_high);
    column = terminal_piece(terminal, text, column, 3, FIGURES_COLUMN);
    snprintf(text, sizeof text, "%.1f MB (glibc %.1f)", megabytes(row->max_rss_kb),
             megabytes(glibc->max_rss_kb));
    terminal_piece(terminal, text, column, 3, FIGURES_COLUMN);
}

static void print_list(const struct terminal *terminal, const char *before,
                       const char (*lines)[256], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int column = fprintf(terminal->stream, "           %s", before);
        terminal_wrapped(terminal, lines[i], column, column);
    }
}

static void print_profile(const struct health_profile *profile, const struct terminal *terminal)
{
    fprintf(terminal->stream, "%-10s ", profile->name);
    print_verdict(terminal, profile->verdict, 7);
    print_figures(profile, terminal);
    fputc('\n', terminal->stream);
    print_list(terminal, "", profile->reasons, profile->reason_count);
    print_list(terminal, "note: ", profile->runs.notes, profile->runs.note_count);
}

void health_print_text(const struct health_report *report, FILE *stream)
{
    struct terminal terminal;
    const struct compare_row *row = &report->profiles[0].runs.rows[HEALTH_ROW];
    terminal_start(&terminal, stream);
    for (size_t i = 0; i < report->profile_count; i++)
        print_profile(&report->profiles[i], &terminal);
    fputs("health: ", stream);
    print_verdict(&terminal, report->verdict, 0);
    fputs(report->interrupted ? " (interrupted)\n" : "\n", stream);
    if (report->is_hakmem)
        return;
    fputs("not hakmem: no counters were checked, so nothing shows that ", stream);
    terminal_text(&terminal, row->name);
    fputs(" was on\n", stream);
}
