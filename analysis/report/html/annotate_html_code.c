/* SPDX-License-Identifier: MIT */
#include "annotate_html_code.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "html_colour.h"
#include "html_table.h"

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

static void put_line(struct html_table *table, const struct annotate_instruction *instruction)
{
    char place[512], text[512] = "";
    if (!instruction->file)
        return;
    if (instruction->line_text)
        snprintf(text, sizeof text, "  %s",
                 instruction->line_text + strspn(instruction->line_text, " \t"));
    snprintf(place, sizeof place, "%.200s:%d%.300s", short_file(instruction->file),
             instruction->line, text);
    html_row_group(table, place);
}

static void put_instruction(struct html_table *table, const struct annotate_report *report,
                            const struct annotate_function *function,
                            const struct annotate_instruction *instruction)
{
    double share = annotate_share(&instruction->samples, &function->samples);
    char offset[32];
    snprintf(offset, sizeof offset, "%s+0x%" PRIx64, instruction->is_target ? "→ " : "",
             instruction->offset);
    html_row_begin(table);
    html_cell_code(table, offset);
    html_cell_number(table, report->head.calls ? (double)instruction->executed : NAN, 0);
    html_cell_share(table, share);
    html_cell_bar(table, html_source_class(instruction->label), share);
    html_cell_name(table, html_source_class(instruction->label), instruction->label);
    html_cell_code(table, instruction->text);
    if (report->disassembled) {
        html_cell_count(table, instruction->effects.loads);
        html_cell_count(table, instruction->effects.stores);
        html_cell_count(table, instruction->effects.branches);
    }
    html_row_end(table);
}

void annotate_html_code(struct html_page *page, const struct annotate_report *report,
                        const struct annotate_function *function)
{
    static const struct html_column columns[] = {
        {"at", false},   {"executed", true}, {"time", true},
        {"", false},     {"source", false},  {"instruction", false},
        {"loads", true}, {"stores", true},   {"branches", true}};
    struct html_table table;
    html_heading(page, "Instructions");
    for (size_t p = 0; p < function->part_count; p++) {
        const struct annotate_part *part = &function->parts[p];
        const struct annotate_instruction *before = NULL;
        if (!part->count)
            continue;
        html_table_begin(&table, page, part->name, columns, report->disassembled ? 9 : 6);
        for (size_t i = part->first; i < part->first + part->count; i++) {
            const struct annotate_instruction *instruction = &function->instructions[i];
            if (!before || !same_line(before, instruction))
                put_line(&table, instruction);
            put_instruction(&table, report, function, instruction);
            before = instruction;
        }
        html_table_end(&table);
    }
}
