/* SPDX-License-Identifier: MIT */
#include "compare_text.h"

#include <string.h>

#include "compare_cells.h"
#include "ratio_forest.h"
#include "text_command.h"

enum { NAME_COLUMNS = 14, LINES_SHOWN = 10, FAILURE_COLUMNS = 50, TABLE_COLUMNS = 80 };

static void print_name(const struct compare_report *report, size_t i, FILE *stream)
{
    char text[NAME_COLUMNS + 1];
    compare_name_text(report->rows[i].name,
                      i == COMPARE_CONTROL ? NAME_COLUMNS - 6 : NAME_COLUMNS - 1, text);
    if (i == COMPARE_CONTROL)
        strcat(text, " again");
    fprintf(stream, "%-*s", NAME_COLUMNS, text);
}

static const char *verdict_text(const struct compare_row *row)
{
    if (row->verdict == COMPARE_UNKNOWN)
        return "-";
    return row->verdict == COMPARE_FIRST ? "" : compare_verdict_names[row->verdict];
}

/* The floor says itself why a program is not for it. */
static void print_floor_failure(const struct compare_row *row, FILE *stream)
{
    static const char prefix[] = "libfloor: ";
    char line[256], shown[FAILURE_COLUMNS + 1];
    const char *said = row->last_output ? strstr(row->last_output, prefix) : NULL;
    const char *why = said ? said + strlen(prefix) : row->failure;
    snprintf(line, sizeof line, "%.*s", (int)strcspn(why, "\n"), why);
    compare_name_text(line, FAILURE_COLUMNS, shown);
    fprintf(stream, " can't run it: %s\n", shown);
}

/* Where the terminal has room behind the table; `columns` is 0 where it has not. */
static struct ratio_forest forest_of(const struct compare_report *report,
                                     const struct terminal *terminal)
{
    int room = terminal->width - TABLE_COLUMNS - 2;
    struct ratio_forest forest = {0};
    if (room < RATIO_FOREST_COLUMNS_MIN)
        return forest;
    forest = ratio_forest_start(room);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        ratio_forest_take(&forest, row->ratio, &(struct interval){row->ratio_low, row->ratio_high});
    }
    return forest;
}

static void print_row(const struct compare_report *report, size_t i,
                      const struct ratio_forest *forest, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    const struct compare_row *row = &report->rows[i];
    char figure[COMPARE_CELL_BYTES], ratio[COMPARE_CELL_BYTES], low[COMPARE_CELL_BYTES],
        high[COMPARE_CELL_BYTES];
    char cpu[COMPARE_CELL_BYTES], rss[COMPARE_CELL_BYTES], faults[COMPARE_CELL_BYTES];
    print_name(report, i, stream);
    if (row->failure[0] && compare_is_floor(report, i)) {
        print_floor_failure(row, stream);
        return;
    }
    if (row->failure[0]) {
        fprintf(stream, " failed: %.56s\n", row->failure);
        return;
    }
    fprintf(stream, "%9s%7s  [%6s, %6s] %-7s%8s%8s%8s",
            compare_figure_text(row->compared.median, figure),
            compare_ratio_text(row->ratio, ratio), compare_ratio_text(row->ratio_low, low),
            compare_ratio_text(row->ratio_high, high), verdict_text(row),
            compare_figure_text(row->cpu_s, cpu), compare_figure_text(row->max_rss_kb / 1024, rss),
            compare_count_text(row->faults, faults));
    if (forest->columns) {
        fputs("  ", stream);
        ratio_forest_row(forest, row->ratio, &(struct interval){row->ratio_low, row->ratio_high},
                         terminal);
    }
    fputc('\n', stream);
}

static void print_table(const struct compare_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    const struct ratio_forest forest = forest_of(report, terminal);
    terminal_bold(terminal, true);
    fprintf(stream, "%-*s%9s%7s  %-16s %-7s%8s%8s%8s", NAME_COLUMNS, "allocator",
            report->metric ? "figure" : "wall s", "ratio", "95 % interval", "", "CPU s", "RSS MiB",
            "faults");
    if (forest.columns) {
        fputs("  ", stream);
        ratio_forest_axis(&forest, terminal);
    }
    terminal_bold(terminal, false);
    fputc('\n', stream);
    for (size_t i = 0; i < report->row_count; i++)
        print_row(report, i, &forest, terminal);
}

static void print_floor(const struct compare_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "%-*s%9s  %-16s\n", NAME_COLUMNS, "allocator", "of floor", "95 % interval");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->floor; i++) {
        const struct interval *range = &report->rows[i].of_floor_range;
        char ratio[COMPARE_CELL_BYTES], low[COMPARE_CELL_BYTES], high[COMPARE_CELL_BYTES];
        print_name(report, i, stream);
        fprintf(stream, "%9s  [%6s, %6s]\n", compare_ratio_text(report->rows[i].of_floor, ratio),
                compare_ratio_text(range->low, low), compare_ratio_text(range->high, high));
    }
    fputs("of floor: the ratio to the floor in the same rounds; it does nothing but hand out\n"
          "blocks of 1040 bytes, and can be passed only where their distance costs time\n",
          stream);
}

static void print_details(const struct compare_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    fprintf(stream, "%-*s%11s%11s%11s%11s%11s%11s\n", NAME_COLUMNS,
            report->metric ? "figure" : "wall s", "mean", "median", "stdev", "CV %", "min", "max");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct rounds_summary *of = &report->rows[i].compared;
        const double figures[] = {of->mean, of->median, of->stdev, of->cv * 100, of->min, of->max};
        char text[COMPARE_CELL_BYTES];
        print_name(report, i, stream);
        for (size_t k = 0; k < sizeof figures / sizeof figures[0]; k++)
            fprintf(stream, "%11s", compare_figure_text(figures[k], text));
        fputc('\n', stream);
    }
}

void compare_print_output(const struct terminal *terminal, const char *output)
{
    const char *start = output + strlen(output);
    for (int lines = 0; start > output; start--) {
        if (start[-1] == '\n' && start[0] && ++lines == LINES_SHOWN)
            break;
    }
    while (*start) {
        size_t length = strcspn(start, "\n");
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)(length < 500 ? length : 500), start);
        fputs("  | ", terminal->stream);
        terminal_text(terminal, line);
        fputc('\n', terminal->stream);
        start += length + (start[length] != '\0');
    }
}

static void print_failures(const struct compare_report *report, const struct terminal *terminal)
{
    for (size_t i = 0; i < report->row_count; i++) {
        const struct compare_row *row = &report->rows[i];
        if (!row->failure[0] || compare_is_floor(report, i))
            continue;
        bool has_output = row->last_output && *row->last_output;
        fputc('\n', terminal->stream);
        terminal_text(terminal, row->name);
        fprintf(terminal->stream, "%s: %s\n  %s\n", i == COMPARE_CONTROL ? " again" : "",
                row->failure, has_output ? "its last output:" : "it printed nothing");
        if (has_output)
            compare_print_output(terminal, row->last_output);
    }
}

static void print_head(const struct compare_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    print_words(terminal, "hakmem-trace compare:", report->command);
    fprintf(stream, "\n%u rounds", report->rounds_done);
    if (report->interrupted)
        fprintf(stream, " of %u: interrupted", report->rounds);
    fprintf(stream, ", seed %ju, ", (uintmax_t)report->seed);
    if (report->core >= 0)
        fprintf(stream, "core %d", report->core);
    else
        fputs("any core", stream);
    fprintf(stream, ", %.1f s\n\n", report->elapsed_s);
}

void compare_print_notes(const struct compare_report *report, const struct terminal *terminal)
{
    for (size_t i = 0; i < report->note_count; i++) {
        fputs("note: ", terminal->stream);
        terminal_wrapped(terminal, report->notes[i], 6, 6);
    }
}

void compare_print_text(const struct compare_report *report, bool details, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_head(report, &terminal);
    print_table(report, &terminal);
    fprintf(stream, "medians; ratio: how many times as %s as the first row, above 1 is better;\n",
            report->metric ? "good" : "fast");
    fputs("tie: its interval overlaps that of the control, the first allocator again\n", stream);
    if (report->floor && !report->rows[report->floor].failure[0])
        print_floor(report, &terminal);
    if (details)
        print_details(report, &terminal);
    compare_print_notes(report, &terminal);
    print_failures(report, &terminal);
}
