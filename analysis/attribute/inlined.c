/* SPDX-License-Identifier: MIT */
#include "inlined.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdlib.h>

#include "code_ranges.h"
#include "debug_file.h"
#include "growing.h"
#include "lines.h"
#include "scopes.h"

struct unit {
    Dwarf_Die die, split;
    bool is_split, is_read;
    struct scopes scopes;
    struct lines lines;
    struct code_ranges scope_flat, line_flat; /* owners: indexes into these; empty if broken */
};

struct inlined_file {
    struct elf_file elf, debug; /* the file, and a separate one with its debug information */
    Dwarf *dwarf;
    struct unit *units;
    size_t unit_count, unit_capacity;
    struct code_ranges flat; /* owner: index of a unit */
};

static bool add_unit(struct inlined_file *file, const struct unit *unit, struct code_ranges *ranges)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    if (!growing_reserve(&file->units, &file->unit_capacity, file->unit_count, sizeof *file->units))
        return false;
    file->units[file->unit_count] = *unit;
    while ((at = dwarf_ranges(&file->units[file->unit_count].die, at, &base, &low, &high)) > 0) {
        if (!code_ranges_add(ranges, low, high, 0, (uint32_t)file->unit_count))
            return false;
    }
    file->unit_count++;
    return true;
}

static bool index_units(struct inlined_file *file)
{
    struct code_ranges ranges = {0};
    Dwarf_CU *at = NULL, *next = NULL;
    struct unit unit = {0};
    uint8_t type;
    bool done = true;
    while (done &&
           dwarf_get_units(file->dwarf, at, &next, NULL, &type, &unit.die, &unit.split) == 0) {
        at = next;
        unit.is_split = type == DW_UT_skeleton && unit.split.addr;
        if (unit.die.addr && (type == DW_UT_compile || type == DW_UT_skeleton))
            done = add_unit(file, &unit, &ranges);
    }
    done = done && code_ranges_flatten(&ranges, &file->flat);
    code_ranges_finish(&ranges);
    return done && file->flat.count > 0;
}

static bool begin(struct inlined_file *file, Elf *elf)
{
    file->dwarf = elf_strings_end(elf) ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    if (file->dwarf && index_units(file))
        return true;
    dwarf_end(file->dwarf);
    file->dwarf = NULL;
    file->unit_count = 0;
    code_ranges_finish(&file->flat);
    return false;
}

struct inlined_file *inlined_file_open(const char *path)
{
    struct inlined_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->debug.descriptor = -1;
    if (elf_file_open(&file->elf, path) == 0 &&
        (begin(file, file->elf.elf) ||
         (debug_file_open(&file->debug, &file->elf, path) == 0 && begin(file, file->debug.elf))))
        return file;
    inlined_file_close(file);
    return NULL;
}

void inlined_file_close(struct inlined_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->unit_count; i++) {
        scopes_finish(&file->units[i].scopes);
        lines_finish(&file->units[i].lines);
        code_ranges_finish(&file->units[i].scope_flat);
        code_ranges_finish(&file->units[i].line_flat);
    }
    free(file->units);
    code_ranges_finish(&file->flat);
    dwarf_end(file->dwarf);
    elf_file_close(&file->debug);
    elf_file_close(&file->elf);
    free(file);
}

static void read_unit(struct unit *unit, struct name_pool *names)
{
    unit->is_read = true;
    if (!scopes_add_unit(&unit->scopes, unit->is_split ? &unit->split : &unit->die, names) ||
        !code_ranges_flatten(&unit->scopes.ranges, &unit->scope_flat))
        unit->scope_flat.count = 0;
    if (!lines_add_unit(&unit->lines, &unit->die, names) ||
        !code_ranges_flatten(&unit->lines.ranges, &unit->line_flat))
        unit->line_flat.count = 0;
}

/* The line is that of the code; of an outer function that of what was inlined in it. */
static size_t walk_out(const struct unit *unit, int scope, struct inlined_frame innermost,
                       struct inlined_frame *frames, size_t most)
{
    size_t count = 0;
    int line = innermost.line;
    while (scope != SCOPE_NONE && count < most) {
        const struct scope *at = &unit->scopes.items[scope];
        const char *file = count == 0 && innermost.file ? innermost.file : at->file;
        frames[count++] = (struct inlined_frame){at->function, file, line};
        line = at->called;
        scope = at->parent;
    }
    if (count == 0 && innermost.file && most)
        frames[count++] = innermost;
    return count;
}

size_t inlined_find(struct inlined_file *file, uint64_t offset, struct name_pool *names,
                    struct inlined_frame *frames, size_t most)
{
    uint64_t address, low, high;
    struct inlined_frame innermost = {0};
    if (!elf_address_of(file->elf.elf, offset, &address))
        return 0;
    size_t at = code_ranges_find(&file->flat, address, &low, &high);
    if (at == SIZE_MAX)
        return 0;
    struct unit *unit = &file->units[file->flat.items[at].owner];
    if (!unit->is_read)
        read_unit(unit, names);
    at = code_ranges_find(&unit->line_flat, address, &low, &high);
    if (at != SIZE_MAX) {
        const struct line_row *row = &unit->lines.items[unit->line_flat.items[at].owner];
        innermost = (struct inlined_frame){.file = row->file, .line = row->line};
    }
    at = code_ranges_find(&unit->scope_flat, address, &low, &high);
    int scope = at == SIZE_MAX ? SCOPE_NONE : (int)unit->scope_flat.items[at].owner;
    return walk_out(unit, scope, innermost, frames, most);
}
