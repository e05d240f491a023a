/* SPDX-License-Identifier: MIT */
#include "count_text.h"

#include <inttypes.h>
#include <string.h>

#include "count_cells.h"
#include "count_chain_text.h"
#include "terminal.h"

enum { NAME_COLUMNS = 18, PATH_COLUMN = 64 };

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
        columns -= snprintf(figures, sizeof figures, " %" PRIu64 ": %.2f %%%s", path->spread.median,
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

enum { COLUMNS = 2 * COUNT_CELLS };

static void print_row(const struct count_report *report, const char *name,
                      struct count_column *columns, const struct count_effects *kinds,
                      const struct terminal *terminal)
{
    size_t length = strlen(name);
    fputs("  ", terminal->stream);
    terminal_text(terminal, name);
    if (length > NAME_COLUMNS) /* a line of its own */
        fprintf(terminal->stream, "\n%*s", NAME_COLUMNS + 2, "");
    else
        fprintf(terminal->stream, "%*s", (int)(NAME_COLUMNS - length), "");
    count_cells_print(columns, &kinds[COUNT_MALLOC], report->disassembled, terminal->stream);
    fputs("  ", terminal->stream);
    count_cells_print(columns + COUNT_CELLS, &kinds[COUNT_FREE], report->disassembled,
                      terminal->stream);
    fputc('\n', terminal->stream);
}

static void start_columns(const struct count_report *report, struct count_column *columns)
{
    count_cells_start(columns, report->kind_calls[COUNT_MALLOC]);
    count_cells_start(columns + COUNT_CELLS, report->kind_calls[COUNT_FREE]);
}

static void print_sources(const struct count_report *report, const struct terminal *terminal)
{
    struct count_column columns[COLUMNS];
    if (!report->kind_calls[COUNT_MALLOC] && !report->kind_calls[COUNT_FREE])
        return;
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  %-*s %-29s %s\n", NAME_COLUMNS, "source", "of a malloc",
            "of a free");
    fprintf(terminal->stream, "  %-*s%s %s\n", NAME_COLUMNS, "", count_cells_heading,
            count_cells_heading);
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

static void print_spread(enum count_kind kind, uint64_t calls, double percent,
                         const struct count_spread *spread, const char *name,
                         const struct terminal *terminal)
{
    fprintf(terminal->stream,
            "  %-7s %8" PRIu64 " %6.2f %%  %6" PRIu64 " %6" PRIu64 " %6" PRIu64 " %6" PRIu64
            " %6" PRIu64,
            count_kind_names[kind], calls, percent, spread->least, spread->median, spread->p90,
            spread->p99, spread->most);
    print_path_name(name, terminal);
}

/* Of each kind its paths, and where there are several all of its calls. */
static void print_paths(const struct count_report *report, const struct terminal *terminal)
{
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  instructions of a call%11s %6s %6s %6s %6s\n", "least", "median",
            "90 %", "99 %", "most");
    fprintf(terminal->stream, "  %-7s %8s %8s  %34s  %s\n", "call", "calls", "share", "", "path");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->path_count; i++) {
        const struct count_path *path = &report->paths[i];
        enum count_kind kind = path->kind;
        print_spread(kind, path->calls, share(report, path), &path->spread, path->name, terminal);
        if (path->calls < report->kind_calls[kind] &&
            (i + 1 == report->path_count || report->paths[i + 1].kind != kind))
            print_spread(kind, report->kind_calls[kind], 100, &report->spreads[kind], "all paths",
                         terminal);
    }
}

void count_print_text(const struct count_report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    stepped_head_print(&report->head, &terminal);
    print_headline(report, COUNT_MALLOC, &terminal);
    print_headline(report, COUNT_FREE, &terminal);
    print_sources(report, &terminal);
    count_print_chains(report, &terminal);
    print_paths(report, &terminal);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs(i ? "  note: " : "\n  note: ", stream);
        terminal_wrapped(&terminal, report->notes[i], 8, 8);
    }
}
