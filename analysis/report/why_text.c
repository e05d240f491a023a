/* SPDX-License-Identifier: MIT */
#include "why_text.h"

#include <inttypes.h>
#include <math.h>

#include "compare_short_name.h"
#include "compare_text.h"
#include "text_command.h"
#include "why_tables.h"
#include "why_words.h"

static void print_head(const struct why_report *report, const struct terminal *terminal)
{
    const struct compare_report *comparison = &report->comparison;
    FILE *stream = terminal->stream;
    char before[2 * sizeof comparison->rows[0].name + 32];
    snprintf(before, sizeof before, "hakmem-trace why %s %s:", why_name(report, WATERFALL_A),
             why_name(report, WATERFALL_B));
    print_words(terminal, before, comparison->command);
    fprintf(stream, "\n%u rounds", comparison->rounds_done);
    if (comparison->interrupted)
        fprintf(stream, " of %u: interrupted", comparison->rounds);
    fprintf(stream, ", seed %ju, ", (uintmax_t)comparison->seed);
    if (comparison->core >= 0)
        fprintf(stream, "core %d", comparison->core);
    else
        fputs("any core", stream);
    fprintf(stream, ", %.1f s; ", comparison->elapsed_s);
    if (report->operations > 0)
        fprintf(stream, "%.0f operations a run\n\n", report->operations);
    else
        fputs("operations are not counted\n\n", stream);
}

static void print_name(const struct why_report *report, int side, const struct terminal *terminal)
{
    char name[COMPARE_SHORT_BYTES];
    compare_short_name(&report->comparison, side == WATERFALL_A ? WHY_ROW_A : WHY_ROW_B, name);
    fprintf(terminal->stream, "%s", side == WATERFALL_A ? "" : ", ");
    terminal_text(terminal, name);
}

/* By what led there the waterfall tells it of both. */
static void print_kernel(const struct why_report *report, const struct terminal *terminal)
{
    const double *of = report->kernel_for_malloc;
    if (!report->has_parts || (isnan(of[WATERFALL_A]) && isnan(of[WATERFALL_B])))
        return;
    fprintf(terminal->stream, "%-22s", "kernel for malloc");
    for (int side = 0; side < WATERFALL_SIDES; side++) {
        print_name(report, side, terminal);
        if (isnan(of[side]))
            fputs(" not told apart", terminal->stream);
        else
            fprintf(terminal->stream, " %.2f %s", of[side], why_unit_short[report->unit]);
    }
    fputc('\n', terminal->stream);
}

static void print_sharing(const struct why_report *report, const struct terminal *terminal)
{
    fprintf(terminal->stream, "%-22s", "false sharing");
    if (report->is_one_thread) {
        fputs("one thread\n", terminal->stream);
        return;
    }
    for (int side = 0; side < WATERFALL_SIDES; side++) {
        const struct why_sharing *of = &report->sharing[side];
        print_name(report, side, terminal);
        if (of->known && of->blocks)
            fprintf(terminal->stream, " %.2f %%", 100 * (double)of->shared / (double)of->blocks);
        else
            fputs(" unknown", terminal->stream);
    }
    fprintf(terminal->stream, "\n%22sof blocks are handed out into another thread's line\n", "");
}

/* What can't stand in the table of figures. */
static void print_besides(const struct why_report *report, const struct terminal *terminal)
{
    if (!report->fall.rounds)
        return;
    print_kernel(report, terminal);
    if (isfinite(report->remote_frees))
        fprintf(terminal->stream, "%-22s%.4f an operation (counted by hakmem)\n", "remote frees",
                report->remote_frees);
    print_sharing(report, terminal);
}

/* A failure of the control is A's. */
static void print_failures(const struct why_report *report, const struct terminal *terminal)
{
    for (int i = 0; i < WHY_ROWS; i++) {
        const struct compare_row *row = &report->comparison.rows[i];
        if (!row->failure[0])
            continue;
        bool has_output = row->last_output && *row->last_output;
        fputc('\n', terminal->stream);
        terminal_text(terminal, row->name);
        fprintf(terminal->stream, "%s: ", i == WHY_ROW_CONTROL ? " again" : "");
        terminal_text(terminal, row->failure);
        fprintf(terminal->stream, "\n  %s\n",
                has_output ? "its last output:" : "it printed nothing");
        if (has_output)
            compare_print_output(terminal, row->last_output);
    }
}

void why_print_text(const struct why_report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_head(report, &terminal);
    why_print_words(report, &terminal);
    why_print_waterfall(report, &terminal);
    why_print_instructions(report, &terminal);
    why_print_figures(report, &terminal);
    print_besides(report, &terminal);
    compare_print_notes(&report->comparison, &terminal);
    print_failures(report, &terminal);
}
