/* SPDX-License-Identifier: MIT */
#include "count_text.h"

#include <inttypes.h>
#include <string.h>

#include "terminal.h"
#include "text_command.h"

enum { NAME_COLUMNS = 18, PATH_COLUMN = 54 };

static void print_calls(const struct count_report *report, const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    fprintf(stream, "  %" PRIu64 " calls of one thread stepped, after %" PRIu64 " others, in ",
            report->calls, report->skipped);
    terminal_text(terminal, report->program);
    fprintf(stream, " (process %d)\n", report->pid);
}

static double share(const struct count_report *report, const struct count_path *path)
{
    return 100 * (double)path->calls / (double)report->kind_calls[path->kind];
}

/* ` (fast 20: 98.9 % of calls; refill 812: 0.5 %; ...)`: as many paths as the line holds. */
static void print_headline_paths(const struct count_report *report, enum count_kind kind,
                                 int columns, const struct terminal *terminal)
{
    bool is_first = true;
    for (size_t i = 0; i < report->path_count; i++) {
        const struct count_path *path = &report->paths[i];
        char figures[64];
        if (path->kind != kind)
            continue;
        columns -= snprintf(figures, sizeof figures, " %" PRIu64 ": %.2f %%%s", path->median,
                            share(report, path), is_first ? " of calls" : "");
        columns -= (int)strlen(path->name) + 2;
        if (columns < 0) {
            fputs(is_first ? "" : "; ...", terminal->stream);
            break;
        }
        fputs(is_first ? " (" : "; ", terminal->stream);
        terminal_text(terminal, path->name);
        fputs(figures, terminal->stream);
        is_first = false;
    }
    fputs(is_first ? "\n" : ")\n", terminal->stream);
}

static void print_headline(const struct count_report *report, enum count_kind kind,
                           const struct terminal *terminal)
{
    enum { ROOM_FOR_END = 6 };
    uint64_t calls = report->kind_calls[kind];
    char text[80];
    if (!calls)
        return;
    int length =
        snprintf(text, sizeof text, "%-6s %.2f instructions a call", count_kind_names[kind],
                 (double)report->kinds[kind].instructions / (double)calls);
    terminal_bold(terminal, true);
    fputs(text, terminal->stream);
    terminal_bold(terminal, false);
    print_headline_paths(report, kind, terminal->width - length - ROOM_FOR_END, terminal);
}

/* Hundredths of a call's: the rows' are rounded as differences of rounded sums, so that what is
 * printed adds up to what is printed. */
struct column {
    uint64_t calls, sum, shown;
};

enum { COLUMNS_OF_A_KIND = 4, COLUMNS = 2 * COLUMNS_OF_A_KIND };

static void print_cell(struct column *column, uint64_t value, bool is_known, FILE *stream)
{
    if (!column->calls || !is_known) {
        fprintf(stream, " %6s", "-");
        return;
    }
    column->sum += value;
    uint64_t before = column->shown;
    column->shown = (uint64_t)(100.0 * (double)column->sum / (double)column->calls + 0.5);
    fprintf(stream, " %6.2f", (double)(column->shown - before) / 100);
}

static void print_effects(const struct count_report *report, struct column *columns,
                          const struct count_effects *effects, FILE *stream)
{
    print_cell(&columns[0], effects->instructions, true, stream);
    print_cell(&columns[1], effects->loads, report->disassembled, stream);
    print_cell(&columns[2], effects->stores, report->disassembled, stream);
    print_cell(&columns[3], effects->branches, report->disassembled, stream);
}

static void print_row(const struct count_report *report, const char *name, struct column *columns,
                      const struct count_effects *kinds, const struct terminal *terminal)
{
    size_t length = strlen(name);
    fputs("  ", terminal->stream);
    terminal_text(terminal, name);
    if (length > NAME_COLUMNS) /* a line of its own */
        fprintf(terminal->stream, "\n%*s", NAME_COLUMNS + 2, "");
    else
        fprintf(terminal->stream, "%*s", (int)(NAME_COLUMNS - length), "");
    print_effects(report, columns, &kinds[COUNT_MALLOC], terminal->stream);
    fputs("  ", terminal->stream);
    print_effects(report, columns + COLUMNS_OF_A_KIND, &kinds[COUNT_FREE], terminal->stream);
    fputc('\n', terminal->stream);
}

static void start_columns(const struct count_report *report, struct column *columns)
{
    for (int i = 0; i < COLUMNS; i++)
        columns[i] = (struct column){
            .calls = report->kind_calls[i < COLUMNS_OF_A_KIND ? COUNT_MALLOC : COUNT_FREE]};
}

static void print_sources(const struct count_report *report, const struct terminal *terminal)
{
    struct column columns[COLUMNS];
    if (!report->kind_calls[COUNT_MALLOC] && !report->kind_calls[COUNT_FREE])
        return;
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  %-*s %-29s %s\n", NAME_COLUMNS, "source", "of a malloc",
            "of a free");
    fprintf(terminal->stream, "  %-*s  instr  loads stores branch   instr  loads stores branch\n",
            NAME_COLUMNS, "");
    terminal_bold(terminal, false);
    start_columns(report, columns);
    for (size_t i = 0; i < report->source_count; i++) {
        const struct count_source *source = &report->sources[i];
        if (source->group == COUNT_FACTOR || source->kinds[COUNT_MALLOC].instructions ||
            source->kinds[COUNT_FREE].instructions)
            print_row(report, source->name, columns, source->kinds, terminal);
    }
    start_columns(report, columns);
    print_row(report, "all", columns, report->kinds, terminal);
}

/* The length of a name's first part: parts end with commas, where a line may be broken. */
static size_t part_length(const char *name)
{
    size_t length = strcspn(name, ",");
    return length + (name[length] == ',');
}

static size_t longest_part(const char *name)
{
    size_t longest = 0;
    for (size_t length; *name; name += length) {
        length = part_length(name);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Behind the figures, or on lines of its own. */
static void print_path_name(const char *name, const struct terminal *terminal)
{
    bool fits = PATH_COLUMN + (int)longest_part(name) <= terminal->width;
    int start = fits ? PATH_COLUMN : 6, column = start;
    char part[COUNT_NAME_BYTES];
    fprintf(terminal->stream, fits ? "  " : "\n%*s", start, "");
    for (size_t length; *name; name += length) {
        length = part_length(name);
        snprintf(part, sizeof part, "%.*s", (int)length, name);
        if (column > start && column + (int)length > terminal->width) {
            fprintf(terminal->stream, "\n%*s", start - 1, "");
            column = start;
        }
        terminal_text(terminal, part);
        column += (int)length;
    }
    fputc('\n', terminal->stream);
}

static void print_paths(const struct count_report *report, const struct terminal *terminal)
{
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  %-8s %9s %9s  %7s %7s %7s  %s\n", "call", "calls", "share",
            "least", "median", "most", "instructions by path");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->path_count; i++) {
        const struct count_path *path = &report->paths[i];
        fprintf(terminal->stream,
                "  %-8s %9" PRIu64 " %7.2f %%  %7" PRIu64 " %7" PRIu64 " %7" PRIu64,
                count_kind_names[path->kind], path->calls, share(report, path), path->least,
                path->median, path->most);
        print_path_name(path->name, terminal);
    }
}

void count_print_text(const struct count_report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    print_command(&terminal, report->command, report->allocator, report->exit_code, report->signal);
    print_calls(report, &terminal);
    print_headline(report, COUNT_MALLOC, &terminal);
    print_headline(report, COUNT_FREE, &terminal);
    print_sources(report, &terminal);
    print_paths(report, &terminal);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs(i ? "  note: " : "\n  note: ", stream);
        terminal_text(&terminal, report->notes[i]);
        fputc('\n', stream);
    }
}
