/* SPDX-License-Identifier: MIT */
#include "debug_table.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug_file.h"
#include "description.h"
#include "lines.h"
#include "scopes.h"

/* A libc has thousands of units, of which its malloc is three. */
static bool is_wanted(Dwarf_Die *unit, const struct lens_choice *lens)
{
    char path[4096];
    Dwarf_Attribute attribute;
    const char *name = dwarf_diename(unit);
    const char *folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (!lens->is_part || !name || name[0] == '<') /* of link-time optimisation: "<artificial>" */
        return true;
    snprintf(path, sizeof path, "%s/%s", name[0] != '/' && folder ? folder : "", name);
    return lens_is_unit(lens->lens, path);
}

static bool read_units(Dwarf *dwarf, struct scopes *scopes, struct lines *lines,
                       const struct lens_choice *lens, struct name_pool *names)
{
    Dwarf_CU *unit = NULL, *next = NULL;
    Dwarf_Die die, split;
    uint8_t type;

    while (dwarf_get_units(dwarf, unit, &next, NULL, &type, &die, &split) == 0) {
        unit = next;
        if (type == DW_UT_type || type == DW_UT_split_type || !die.addr)
            continue;
        /* What dwz moves out of units has no code, and names one of their line tables all the same.
         */
        if (dwarf_tag(&die) == DW_TAG_partial_unit)
            continue;
        bool is_split = type == DW_UT_skeleton && split.addr;
        if (!is_wanted(is_split ? &split : &die, lens))
            continue;
        if (!scopes_add_unit(scopes, is_split ? &split : &die, names) ||
            !lines_add_unit(lines, &die, names))
            return false;
    }
    return true;
}

/* The next address after `address` at which the covering range of `flat` may change. */
static uint64_t next_edge(const struct code_ranges *flat, size_t at, uint64_t address)
{
    if (at >= flat->count)
        return UINT64_MAX;
    return address < flat->items[at].low ? flat->items[at].low : flat->items[at].high;
}

static bool covers(const struct code_ranges *flat, size_t at, uint64_t address)
{
    return at < flat->count && flat->items[at].low <= address;
}

/* Cuts the scopes at the edges of the lines: one attribution for each piece. */
static bool merge(struct debug_table *table, const struct description *of,
                  const struct code_ranges *scope_flat, const struct lines *lines,
                  const struct code_ranges *line_flat)
{
    size_t s = 0, l = 0, most = 2 * (scope_flat->count + line_flat->count) + 1;
    uint64_t address = 0;
    table->attributions = calloc(most, sizeof *table->attributions);
    if (!table->attributions)
        return false;

    while (s < scope_flat->count || l < line_flat->count) {
        uint64_t scope_edge = next_edge(scope_flat, s, address),
                 line_edge = next_edge(line_flat, l, address);
        uint64_t end = scope_edge < line_edge ? scope_edge : line_edge;
        bool in_scope = covers(scope_flat, s, address), in_line = covers(line_flat, l, address);
        if (in_scope || in_line) {
            size_t at = table->flat.count;
            if (!code_ranges_add(&table->flat, address, end, 0, (uint32_t)at))
                return false;
            table->attributions[at] =
                describe_code(of, in_scope ? scope_flat->items[s].owner : SIZE_MAX,
                              in_line ? &lines->items[line_flat->items[l].owner] : NULL);
        }
        address = end;
        if (s < scope_flat->count && scope_flat->items[s].high <= address)
            s++;
        if (l < line_flat->count && line_flat->items[l].high <= address)
            l++;
    }
    return true;
}

static bool build(struct debug_table *table, Dwarf *dwarf, const struct lens_choice *lens,
                  struct name_pool *names)
{
    struct scopes scopes = {0};
    const struct description of = {&scopes, lens, names};
    struct lines lines = {0};
    struct code_ranges scope_flat = {0}, line_flat = {0};

    bool done = read_units(dwarf, &scopes, &lines, lens, names) &&
                code_ranges_flatten(&scopes.ranges, &scope_flat) &&
                code_ranges_flatten(&lines.ranges, &line_flat) &&
                merge(table, &of, &scope_flat, &lines, &line_flat);
    code_ranges_finish(&scope_flat);
    code_ranges_finish(&line_flat);
    scopes_finish(&scopes);
    lines_finish(&lines);
    return done;
}

void debug_table_read(struct debug_table *table, Elf *elf, struct lens_choice lens,
                      struct name_pool *names)
{
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    memset(table, 0, sizeof *table);
    if (!dwarf)
        return;
    if (!elf_strings_end(elf) || !build(table, dwarf, &lens, names))
        debug_table_finish(table);
    dwarf_end(dwarf);
}

void debug_table_finish(struct debug_table *table)
{
    code_ranges_finish(&table->flat);
    free(table->attributions);
    memset(table, 0, sizeof *table);
}

const struct attribution *debug_table_find(const struct debug_table *table, uint64_t address,
                                           uint64_t *low, uint64_t *high)
{
    size_t at = code_ranges_find(&table->flat, address, low, high);
    return at == SIZE_MAX ? NULL : &table->attributions[table->flat.items[at].owner];
}
