/* SPDX-License-Identifier: MIT */
#include "ablate_text.h"

#include <math.h>
#include <string.h>

#include "compare_cells.h"
#include "compare_text.h"
#include "ledger_text.h"
#include "ratio_forest.h"
#include "text_command.h"

enum { NAME_COLUMNS = 20, FACTOR_COLUMNS = 10, BESIDE_FOREST = 61 };

struct printer {
    const struct ablate_report *report;
    struct terminal terminal;
    struct ratio_forest forest;
};

static void print_title(const struct printer *printer, const char *title)
{
    char interval[32];
    FILE *stream = printer->terminal.stream;
    bool has_ns = compare_is_mops(&printer->report->runs);
    snprintf(interval, sizeof interval, "%.4g %% interval", 100 * printer->report->level);
    fputc('\n', stream);
    terminal_bold(&printer->terminal, true);
    fprintf(stream, "%-*s%6s %-16s%7s ", NAME_COLUMNS, title, "ratio", interval,
            has_ns ? "ns/op" : "");
    ratio_forest_axis(&printer->forest, &printer->terminal);
    terminal_bold(&printer->terminal, false);
    fputc('\n', stream);
}

static void print_verdict(const struct printer *printer, enum ablate_verdict verdict)
{
    const struct terminal *terminal = &printer->terminal;
    if (verdict == ABLATE_COSTS || verdict == ABLATE_SAVES)
        terminal_colour(terminal, verdict == ABLATE_COSTS ? TERMINAL_RED : TERMINAL_GREEN);
    fprintf(terminal->stream, " %s",
            verdict == ABLATE_TOO_SMALL ? "too small" : ablate_verdict_names[verdict]);
    terminal_colour(terminal, TERMINAL_PLAIN);
}

static void print_estimate(const struct printer *printer, const char *name,
                           const struct ablate_estimate *estimate, double ns)
{
    char ratio[COMPARE_CELL_BYTES], low[COMPARE_CELL_BYTES], high[COMPARE_CELL_BYTES],
        cost[16] = "";
    if (isfinite(ns))
        snprintf(cost, sizeof cost, fabs(ns) < 100 ? "%+.2f" : "%+.4g", ns);
    fprintf(printer->terminal.stream, "%-*s%6s [%5s, %5s]  %7s ", NAME_COLUMNS, name,
            compare_ratio_text(estimate->ratio, ratio),
            compare_ratio_text(estimate->range.low, low),
            compare_ratio_text(estimate->range.high, high), cost);
    ratio_forest_row(&printer->forest, estimate->ratio, &estimate->range, &printer->terminal);
}

static void print_effect(const struct printer *printer, size_t i)
{
    const struct ablate_report *report = printer->report;
    char name[ABLATE_NAME_BYTES], text[ABLATE_NAME_BYTES];
    unsigned factors = report->factorial.terms[i].factors;
    ablate_effect_name(report, i, name);
    if (factorial_is_single(&report->factorial.terms[i]))
        snprintf(text, sizeof text, "%-*.9s%.9s", FACTOR_COLUMNS, name,
                 report->factors[__builtin_ctz(factors)].far);
    else
        strcpy(text, name);
    print_estimate(printer, text, &report->effects[i].of, report->effects[i].ns);
    print_verdict(printer, report->effects[i].verdict);
    fputc('\n', printer->terminal.stream);
}

static void print_singles(const struct printer *printer, const char *title,
                          enum factorial_place place)
{
    const struct factorial *factorial = &printer->report->factorial;
    print_title(printer, title);
    for (size_t i = 0; i < factorial->term_count; i++) {
        if (factorial_is_single(&factorial->terms[i]) && factorial->terms[i].place == place)
            print_effect(printer, i);
    }
}

static void print_interactions(const struct printer *printer, bool details)
{
    const struct ablate_report *report = printer->report;
    size_t shown = 0, first = report->factorial.factor_count;
    size_t count = report->factorial.term_count - first;
    for (size_t i = first; i < first + count; i++) {
        enum ablate_verdict verdict = report->effects[i].verdict;
        if (!details && verdict != ABLATE_COSTS && verdict != ABLATE_SAVES)
            continue;
        if (!shown++)
            print_title(printer, "together");
        print_effect(printer, i);
    }
    if (!shown && report->effects[first].verdict != ABLATE_UNKNOWN)
        fprintf(printer->terminal.stream,
                "\nno two factors are seen to matter only together (of %zu; --details lists "
                "them)\n",
                count);
}

static void print_controls(const struct printer *printer)
{
    static const char *const names[] = {"modern end", "far end"};
    const struct ablate_report *report = printer->report;
    print_title(printer, "the same again");
    for (size_t i = 0; i < ABLATE_ENDS; i++) {
        char name[NAME_COLUMNS + 1];
        snprintf(name, sizeof name, "%s%s", names[i],
                 ablate_has_copy(report, (enum ablate_end)i) ? ", a copy" : "");
        print_estimate(printer, name, &report->control[i], NAN);
        fputc('\n', printer->terminal.stream);
    }
}

static const char *percent_text(double part, char text[COMPARE_CELL_BYTES])
{
    if (!isfinite(part))
        return "-";
    snprintf(text, COMPARE_CELL_BYTES, part < 1 ? "%.2f" : "%.0f", 100 * part);
    return text;
}

/* A column for each factor, and the figures of each row. */
static void print_cells(const struct printer *printer)
{
    const struct ablate_report *report = printer->report;
    const struct compare_report *runs = &report->runs;
    FILE *stream = printer->terminal.stream;
    double room[COMPARE_ROUNDS_MAX];
    fputc('\n', stream);
    terminal_bold(&printer->terminal, true);
    for (size_t f = 0; f < report->factorial.factor_count; f++)
        fprintf(stream, "%-*s", FACTOR_COLUMNS, report->factors[f].name);
    fprintf(stream, "%8s%6s\n", runs->metric ? "figure" : "wall s", "CV %");
    terminal_bold(&printer->terminal, false);
    for (size_t row = 0; row < runs->row_count; row++) {
        char figure[COMPARE_CELL_BYTES], cv[COMPARE_CELL_BYTES];
        for (size_t i = 0; i < runs->rounds_done; i++)
            room[i] =
                runs->metric ? runs->rows[row].runs[i].figure : runs->rows[row].runs[i].wall_s;
        struct rounds_summary of = rounds_summarize(room, runs->rounds_done);
        for (size_t f = 0; f < report->factorial.factor_count; f++)
            fprintf(stream, "%-*s", FACTOR_COLUMNS,
                    row == report->reference      ? "-"
                    : report->cells[row] >> f & 1 ? report->factors[f].far
                                                  : ".");
        fprintf(stream, "%8s%6s%s\n", compare_figure_text(of.median, figure),
                percent_text(of.cv, cv),
                row == report->reference  ? " glibc"
                : row >= report->controls ? " again"
                                          : "");
    }
}

static void print_reference(const struct printer *printer)
{
    const struct ablate_report *report = printer->report;
    const struct ablate_estimate *ends[] = {&report->modern_by_reference,
                                            &report->far_by_reference};
    static const char *const names[] = {"modern end by glibc:  ", "far end by glibc:     "};
    char ratio[COMPARE_CELL_BYTES], low[COMPARE_CELL_BYTES], high[COMPARE_CELL_BYTES];
    for (size_t i = 0; i < ABLATE_ENDS; i++)
        fprintf(printer->terminal.stream, "%s%s [%s, %s]\n", names[i],
                compare_ratio_text(ends[i]->ratio, ratio),
                compare_ratio_text(ends[i]->range.low, low),
                compare_ratio_text(ends[i]->range.high, high));
}

static void print_gap(const struct printer *printer)
{
    const struct ablate_report *report = printer->report;
    char ratio[COMPARE_CELL_BYTES], low[COMPARE_CELL_BYTES], high[COMPARE_CELL_BYTES];
    FILE *stream = printer->terminal.stream;
    fprintf(stream, "far end by modern end: %s [%s, %s]",
            compare_ratio_text(report->gap.ratio, ratio),
            compare_ratio_text(report->gap.range.low, low),
            compare_ratio_text(report->gap.range.high, high));
    if (isfinite(report->explained))
        fprintf(stream, "; the factors alone explain %.0f %%", 100 * report->explained);
    fputc('\n', stream);
    print_reference(printer);
}

static void print_head(const struct printer *printer)
{
    const struct ablate_report *report = printer->report;
    const struct compare_report *runs = &report->runs;
    FILE *stream = printer->terminal.stream;
    print_words(&printer->terminal, "hakmem-trace ablate:", runs->command);
    fprintf(stream, "\ndesign %s: %zu of %zu combinations, %u rounds",
            ablate_design_names[report->factorial.design], report->factorial.cell_count,
            (size_t)1 << report->factorial.factor_count, runs->rounds_done);
    if (runs->interrupted)
        fprintf(stream, " of %u: interrupted", runs->rounds);
    fprintf(stream, ", seed %ju, ", (uintmax_t)runs->seed);
    if (runs->core >= 0)
        fprintf(stream, "core %d", runs->core);
    else
        fputs("any core", stream);
    fprintf(stream, ", %.1f s\n", runs->elapsed_s);
}

static void print_failure(const struct printer *printer)
{
    const struct ablate_report *report = printer->report;
    const struct terminal *terminal = &printer->terminal;
    if (report->failed >= report->runs.row_count)
        return;
    const struct compare_row *row = &report->runs.rows[report->failed];
    bool has_output = row->last_output && *row->last_output;
    fprintf(terminal->stream, "\n%s%s:\n  %s\n  %s\n", row->name,
            report->failed >= report->controls && report->failed != report->reference ? " again"
                                                                                      : "",
            row->failure, has_output ? "its last output:" : "it printed nothing");
    if (has_output)
        compare_print_output(terminal, row->last_output);
}

static void print_legend(const struct printer *printer)
{
    FILE *stream = printer->terminal.stream;
    const struct ablate_report *report = printer->report;
    bool is_one = report->factorial.design == FACTORIAL_ONE;
    fprintf(stream,
            "\nratio: cost at the level shown by cost at the modern level, above 1 costs more;\n"
            "medians of rounds; intervals of all factors%s hold together with 95 %%\n",
            is_one ? "" : " and pairs");
    if (!is_one)
        fputs("together: half of what the first costs more where the second has moved too\n",
              stream);
    double threshold = report->threshold;
    if (isfinite(threshold))
        fprintf(stream,
                "too small: it reaches %.4g or 1/%.4g; so much may be the layout of code alone,\n"
                "by the copies%s\n",
                threshold, threshold,
                report->factorial.design == FACTORIAL_FULL && report->factorial.factor_count > 2
                    ? " and by what three and more factors seem to do together"
                    : "");
}

void ablate_print_text(const struct ablate_report *report, bool details, FILE *stream)
{
    struct printer printer = {.report = report};
    terminal_start(&printer.terminal, stream);
    printer.forest = ratio_forest_start(printer.terminal.width - BESIDE_FOREST);
    for (size_t i = 0; i < report->factorial.term_count; i++) /* a control may go beyond */
        ratio_forest_take(&printer.forest, report->effects[i].of.ratio,
                          &report->effects[i].of.range);
    print_head(&printer);
    print_gap(&printer);
    if (report->factorial.design == FACTORIAL_ONE) {
        print_singles(&printer, "from the modern end", FACTORIAL_FROM_MODERN);
        print_singles(&printer, "from the far end", FACTORIAL_FROM_FAR);
    } else {
        print_singles(&printer, "factor", FACTORIAL_AVERAGE);
        print_interactions(&printer, details);
    }
    print_controls(&printer);
    if (details)
        print_cells(&printer);
    print_legend(&printer);
    ledger_print_text(&report->ledger, &printer.terminal);
    compare_print_notes(&report->runs, &printer.terminal);
    print_failure(&printer);
}
