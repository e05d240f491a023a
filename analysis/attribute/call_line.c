/* SPDX-License-Identifier: MIT */
#include "call_line.h"

#include <dwarf.h>
#include <elfutils/libdw.h>

#include "debug_file.h"
#include "lines.h"

static bool find_in_unit(Dwarf_Die *unit, uint64_t address, struct name_pool *names,
                         const char **file, int *line)
{
    struct lines lines = {0};
    bool is_found = false;
    if (lines_add_unit(&lines, unit, names)) {
        for (size_t i = 0; i < lines.ranges.count && !is_found; i++) {
            const struct code_range *range = &lines.ranges.items[i];
            is_found = range->low <= address && address < range->high;
            if (is_found) {
                *file = lines.items[range->owner].file;
                *line = lines.items[range->owner].line;
            }
        }
    }
    lines_finish(&lines);
    return is_found && *file;
}

static bool find_in_file(Elf *elf, uint64_t address, struct name_pool *names, const char **file,
                         int *line)
{
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    Dwarf_CU *unit = NULL, *next = NULL;
    Dwarf_Die die, split;
    uint8_t type;
    bool is_found = false;
    while (dwarf && !is_found &&
           dwarf_get_units(dwarf, unit, &next, NULL, &type, &die, &split) == 0) {
        unit = next;
        if (die.addr && (type == DW_UT_compile || type == DW_UT_skeleton) &&
            dwarf_haspc(&die, address) == 1)
            is_found = find_in_unit(&die, address, names, file, line);
    }
    dwarf_end(dwarf);
    return is_found;
}

bool call_line_find(const char *path, uint64_t offset, struct name_pool *names, const char **file,
                    int *line)
{
    struct elf_file elf, debug;
    uint64_t address;
    if (elf_file_open(&elf, path) != 0)
        return false;
    bool is_code = elf_address_of(elf.elf, offset, &address);
    bool is_found = is_code && find_in_file(elf.elf, address, names, file, line);
    if (is_code && !is_found && debug_file_open(&debug, &elf, path) == 0) {
        is_found = find_in_file(debug.elf, address, names, file, line);
        elf_file_close(&debug);
    }
    elf_file_close(&elf);
    return is_found;
}
