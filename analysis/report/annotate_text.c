/* SPDX-License-Identifier: MIT */
#include "annotate_text.h"

#include <inttypes.h>
#include <string.h>

#include "annotate_list_text.h"
#include "count_cells.h"
#include "terminal.h"

/* Of 80 columns the instruction has 39; a wider terminal gives the label more as well, and shows
 * which inlined function a line belongs to. */
enum { BEFORE_LABEL = 29, LABEL_COLUMNS = 11, LABEL_COLUMNS_WIDE = 20, WIDE = 110 };

static bool is_wide(const struct terminal *terminal)
{
    return terminal->width >= WIDE;
}

static int label_columns(const struct terminal *terminal)
{
    return is_wide(terminal) ? LABEL_COLUMNS_WIDE : LABEL_COLUMNS;
}

/* Where there are factors they have colours and other sources none; else every source has one. The
 * first ones of a function differ. */
static enum terminal_colour colour_of(const struct annotate_function *function, const char *name,
                                      enum count_group group)
{
    bool has_factors = function->source_count && function->sources[0].group == COUNT_FACTOR;
    size_t at = 0;
    while (at < function->source_count &&
           (function->sources[at].group != group || strcmp(function->sources[at].name, name) != 0))
        at++;
    if (has_factors ? group != COUNT_FACTOR : at == function->source_count)
        return TERMINAL_PLAIN;
    return TERMINAL_RED + (enum terminal_colour)(at % (TERMINAL_COLOURS - TERMINAL_RED));
}

static void print_label(const struct annotate_function *function, const char *name,
                        enum count_group group, int columns, const struct terminal *terminal)
{
    enum terminal_colour colour = colour_of(function, name, group);
    if (colour != TERMINAL_PLAIN)
        terminal_colour(terminal, colour);
    annotate_print_cut(name, columns, true, terminal);
    if (colour != TERMINAL_PLAIN)
        terminal_colour(terminal, TERMINAL_PLAIN);
}

/* "cache/magazine.h": a file's last folder tells it from others of its name. */
static const char *short_file(const char *file)
{
    const char *end = strrchr(file, '/');
    while (end && end > file && end[-1] != '/')
        end--;
    return end ? end : file;
}

static bool same_line(const struct annotate_instruction *a, const struct annotate_instruction *b)
{
    return a->file && b->file && a->line == b->line && strcmp(a->file, b->file) == 0;
}

static void print_line(const struct annotate_instruction *instruction,
                       const struct terminal *terminal)
{
    char place[256], function[128] = "";
    if (!instruction->file)
        return;
    if (instruction->inlined && is_wide(terminal))
        snprintf(function, sizeof function, " %s()", instruction->inlined);
    int length = snprintf(place, sizeof place, "%s:%d%s", short_file(instruction->file),
                          instruction->line, function);
    fputs("      ", terminal->stream);
    terminal_text(terminal, place);
    if (instruction->line_text && length + 10 < terminal->width) {
        fputs("  ", terminal->stream);
        annotate_print_cut(instruction->line_text, terminal->width - length - 8, false, terminal);
    }
    fputc('\n', terminal->stream);
}

static void print_instruction(const struct annotate_function *function,
                              const struct annotate_instruction *instruction,
                              const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    int columns = label_columns(terminal);
    char offset[32];
    snprintf(offset, sizeof offset, "+0x%jx", (uintmax_t)instruction->offset);
    fprintf(stream, " %c%-8s", instruction->is_target ? '>' : ' ', offset);
    if (instruction->executed)
        fprintf(stream, "%9" PRIu64 " ", instruction->executed);
    else
        fprintf(stream, "%9s ", "-");
    if (instruction->samples.count)
        annotate_print_share(&instruction->samples, &function->samples, terminal);
    else
        fprintf(stream, "%7s", ""); /* so that the others stand out */
    fputs("  ", stream);
    print_label(function, instruction->label, instruction->group, columns, terminal);
    if (*instruction->text) {
        fputc(' ', stream);
        annotate_print_cut(instruction->text, terminal->width - BEFORE_LABEL - columns - 1, false,
                           terminal);
    }
    fputc('\n', stream);
}

static void print_part(const struct annotate_function *function, const struct annotate_part *part,
                       bool is_entry, const struct terminal *terminal)
{
    const struct annotate_instruction *before = NULL;
    if (!part->count)
        return;
    if (!is_entry) {
        fputs("\n  ", terminal->stream);
        terminal_text(terminal, part->name);
        fputc('\n', terminal->stream);
    }
    for (size_t i = part->first; i < part->first + part->count; i++) {
        const struct annotate_instruction *instruction = &function->instructions[i];
        if (!before || !same_line(before, instruction))
            print_line(instruction, terminal);
        print_instruction(function, instruction, terminal);
        before = instruction;
    }
}

static void print_headline(const struct annotate_report *report,
                           const struct annotate_function *function,
                           const struct terminal *terminal)
{
    FILE *stream = terminal->stream;
    const struct count_spread *spread = &function->spread;
    fputc('\n', stream);
    terminal_bold(terminal, true);
    terminal_text(terminal, function->name);
    fprintf(stream, ": %" PRIu64 " calls", function->calls);
    if (function->calls)
        fprintf(stream,
                ", %.2f instructions each (median %" PRIu64 ", 99 %% %" PRIu64 ", most %" PRIu64
                ")",
                (double)function->effects.instructions / (double)function->calls, spread->median,
                spread->p99, spread->most);
    terminal_bold(terminal, false);
    fputc('\n', stream);
    if (report->event)
        fprintf(stream, "  %.1f %% of the program's time, %" PRIu64 " samples\n",
                100 * annotate_share(&function->samples, &report->samples),
                function->samples.count);
}

static void print_source(const struct annotate_report *report,
                         const struct annotate_function *function,
                         const struct annotate_source *source, struct count_column *columns,
                         const struct terminal *terminal)
{
    fputs("  ", terminal->stream);
    print_label(function, source->name, source->group, LABEL_COLUMNS_WIDE, terminal);
    count_cells_print(columns, &source->effects, report->disassembled, terminal->stream);
    fputs("   ", terminal->stream);
    annotate_print_share(&source->samples, &function->samples, terminal);
    fputc('\n', terminal->stream);
}

static void print_sources(const struct annotate_report *report,
                          const struct annotate_function *function, const struct terminal *terminal)
{
    struct count_column columns[COUNT_CELLS];
    const struct annotate_source all = {
        .name = "all", .group = COUNT_ALLOCATOR, .effects = function->effects};
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  %-*s%s   %7s   of a call\n", LABEL_COLUMNS_WIDE, "source",
            count_cells_heading, "time");
    terminal_bold(terminal, false);
    count_cells_start(columns, function->calls);
    for (size_t i = 0; i < function->source_count; i++) {
        const struct annotate_source *source = &function->sources[i];
        if (source->effects.instructions || source->samples.count)
            print_source(report, function, source, columns, terminal);
    }
    count_cells_start(columns, function->calls);
    fprintf(terminal->stream, "  %-*s", LABEL_COLUMNS_WIDE, all.name);
    count_cells_print(columns, &all.effects, report->disassembled, terminal->stream);
    fputs("   ", terminal->stream);
    annotate_print_share(&function->samples, &function->samples, terminal);
    fputc('\n', terminal->stream);
}

static void print_function(const struct annotate_report *report,
                           const struct annotate_function *function,
                           const struct terminal *terminal)
{
    print_headline(report, function, terminal);
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "  %-8s%9s%8s  %-*s %s\n", "at", "executed", "time",
            label_columns(terminal), "source", report->disassembled ? "instruction" : "");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < function->part_count; i++)
        print_part(function, &function->parts[i], i == 0, terminal);
    print_sources(report, function, terminal);
}

/* An event that says which instruction it belongs to needs no warning. */
static void print_sampling(const struct annotate_report *report, const struct terminal *terminal)
{
    if (!report->event)
        return;
    fprintf(terminal->stream,
            "  %" PRIu64 " samples of %s at %u Hz in a second run, %" PRIu64 " lost\n",
            report->samples.count, report->event, report->frequency, report->lost);
    if (!strchr(report->event, ':'))
        fputs("  a sample often lands behind the instruction that cost the time (skid): read\n"
              "  shares of time by source and by neighbourhood, counts by instruction\n",
              terminal->stream);
}

void annotate_print_text(const struct annotate_report *report, FILE *stream)
{
    struct terminal terminal;
    terminal_start(&terminal, stream);
    stepped_head_print(&report->head, &terminal);
    print_sampling(report, &terminal);
    if (report->is_list)
        annotate_print_list(report, &terminal);
    for (size_t i = 0; i < report->function_count; i++)
        print_function(report, &report->functions[i], &terminal);
    for (size_t i = 0; i < report->note_count; i++) {
        fputs(i ? "  note: " : "\n  note: ", stream);
        terminal_wrapped(&terminal, report->notes[i], 8, 8);
    }
}
