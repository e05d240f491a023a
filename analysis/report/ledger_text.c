/* SPDX-License-Identifier: MIT */
#include "ledger_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text_value.h"
#include "terminal.h"

enum { CELL = 32 };

static const char *expected_text(const struct ledger_row *row, char text[CELL])
{
    if (isnan(row->expected.low))
        snprintf(text, CELL, "-");
    else if (row->expected.high > row->expected.low)
        snprintf(text, CELL, "%.0f-%.0f", row->expected.low, row->expected.high);
    else
        snprintf(text, CELL, "%.0f", row->expected.low);
    return text;
}

static const char *number(double value, int digits, char text[CELL])
{
    snprintf(text, CELL, fabs(value) < 1000 ? "%.*f" : "%.*g", fabs(value) < 1000 ? digits : 2,
             value);
    return text;
}

/* "1.9 [0.3, 3.1]" */
static const char *estimate_text(const struct ledger_estimate *estimate, int digits,
                                 char text[CELL])
{
    char value[CELL], low[CELL], high[CELL];
    number(estimate->value, digits, value);
    number(estimate->range.low, digits, low);
    number(estimate->range.high, digits, high);
    if (isnan(estimate->value))
        snprintf(text, CELL, "-");
    else if (isnan(estimate->range.low))
        snprintf(text, CELL, "%.9s [-, -]", value);
    else
        snprintf(text, CELL, "%.9s [%.8s, %.8s]", value, low, high);
    return text;
}

static const char *count_text(double count, char text[CELL])
{
    if (isnan(count))
        snprintf(text, CELL, "-");
    else
        snprintf(text, CELL, "%+.1f", fabs(count) < 0.05 ? 0.0 : count);
    return text;
}

static void print_verdict(const struct ledger_row *row, const struct terminal *terminal)
{
    terminal_colour(terminal, row->verdict == LEDGER_CONFIRMED  ? TERMINAL_RED
                              : row->verdict == LEDGER_DISAGREE ? TERMINAL_YELLOW
                                                                : TERMINAL_PLAIN);
    fprintf(terminal->stream, "  %-14s", ledger_verdict_names[row->verdict]);
    terminal_colour(terminal, TERMINAL_PLAIN);
}

static void print_row(const struct ledger_row *row, const struct terminal *terminal)
{
    char expected[CELL], sampled[CELL], ablated[CELL], counts[4][CELL];
    FILE *stream = terminal->stream;
    fprintf(stream, "%-9s%6s %20s %5s%5s%5s%5s %20s\n", row->factor, expected_text(row, expected),
            estimate_text(&row->sampled, 1, sampled),
            count_text(row->counted.instructions, counts[0]),
            count_text(row->counted.loads, counts[1]), count_text(row->counted.stores, counts[2]),
            count_text(row->counted.branches, counts[3]), estimate_text(&row->ablated, 1, ablated));
    print_verdict(row, terminal);
    fprintf(stream, "%20s %19s %20s ns\n", estimate_text(&row->sampled_ns, 2, sampled), "",
            estimate_text(&row->ablated_ns, 2, ablated));
}

/* One that holds for every factor is said once. */
static void print_reasons(const struct ledger *ledger, const struct terminal *terminal)
{
    size_t same = 0;
    while (same < ledger->row_count &&
           strcmp(ledger->rows[same].reason, ledger->rows[0].reason) == 0)
        same++;
    bool is_common = same == ledger->row_count && same > 1;
    for (size_t i = 0; i < (is_common ? 1 : ledger->row_count); i++) {
        const struct ledger_row *row = &ledger->rows[i];
        if (!row->reason[0])
            continue;
        fprintf(terminal->stream, "  %-10s", is_common ? "all" : row->factor);
        terminal_wrapped(terminal, row->reason, 12, 12);
    }
}

static void print_rows(const struct ledger *ledger, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    terminal_bold(terminal, true);
    fprintf(stream, "%-8s%7s %20s %20s %20s\n", "ledger", "hoped %", "sampled, % and ns",
            "counted a call", "ablated, % and ns");
    fprintf(stream, "%15s %20s %5s%5s%5s%5s\n", "", "", "instr", "load", "stor", "bran");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < ledger->row_count; i++)
        print_row(&ledger->rows[i], terminal);
    print_reasons(ledger, terminal);
}

static void print_end(const char *name, const struct ledger_end *end,
                      const struct terminal *terminal)
{
    char share[CELL], text[8 * CELL], sampled[3 * CELL] = "not sampled",
                                                  counted[2 * CELL] = "not counted";
    if (end->samples)
        snprintf(sampled, sizeof sampled, "malloc has %s %% of the time (%llu samples)",
                 estimate_text(&end->malloc_share, 1, share), (unsigned long long)end->samples);
    if (end->calls)
        snprintf(counted, sizeof counted, "%.1f instructions a call", end->counted.instructions);
    snprintf(text, sizeof text, "%s, %s", sampled, counted);
    fprintf(terminal->stream, "  %-10s", name);
    terminal_wrapped(terminal, text, 12, 12);
}

static void print_indicators(const struct ledger *ledger, const struct terminal *terminal)
{
    const struct ledger_indicators *modern = &ledger->modern.indicators,
                                   *far = &ledger->far.indicators;
    char cells[2][CELL];
    if (modern->source == LEDGER_BY_NOTHING)
        return;
    fprintf(terminal->stream, "\n  %-24s %12s %12s   by %s\n", "for 1000 operations", "modern",
            "far", ledger_source_names[modern->source]);
    for (size_t i = 0; i < LEDGER_INDICATORS; i++)
        fprintf(terminal->stream, "  %-24s %12s %12s\n", ledger_indicator_names[i],
                number_text(modern->of[i], "%.2f", cells[0], CELL),
                number_text(far->of[i], "%.2f", cells[1], CELL));
    fprintf(
        terminal->stream, "  %-24s %12s %12s\n", "instructions a cycle",
        number_text(modern->of[LEDGER_INSTRUCTIONS] / modern->of[LEDGER_CYCLES], "%.2f", cells[0],
                    CELL),
        number_text(far->of[LEDGER_INSTRUCTIONS] / far->of[LEDGER_CYCLES], "%.2f", cells[1], CELL));
}

void ledger_print_text(const struct ledger *ledger, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    if (!ledger->made)
        return;
    fputc('\n', stream);
    print_rows(ledger, terminal);
    fputc('\n', stream);
    print_end("modern", &ledger->modern, terminal);
    print_end("far", &ledger->far, terminal);
    print_indicators(ledger, terminal);
    fputc('\n', stream);
    for (size_t i = 0; i < LEDGER_GATES; i++) {
        const struct ledger_gate *gate = &ledger->gates[i];
        fprintf(stream, "  gate %zu %-22s %-8s", i + 1, gate->name,
                !gate->known ? "unknown"
                : gate->open ? "open"
                             : "shut");
        terminal_wrapped(terminal, gate->evidence, 39, 39);
    }
    fputs("\n  verdict   ", stream);
    terminal_bold(terminal, true);
    terminal_wrapped(terminal, ledger->verdict, 12, 12);
    terminal_bold(terminal, false);
}
