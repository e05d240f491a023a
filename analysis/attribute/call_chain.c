/* SPDX-License-Identifier: MIT */
#include "call_chain.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "call_line.h"
#include "debug_file.h"
#include "safe_name.h"

struct chain {
    char *text;
    size_t used, bytes;
    int functions;
};

static void add(struct chain *chain, const char *function, const char *file, int line)
{
    size_t room = chain->bytes - chain->used;
    int length = snprintf(chain->text + chain->used, room, "%s\t%s\t%d\n", function,
                          file ? file : "", file ? line : 0);
    if (length < 0 || (size_t)length >= room)
        chain->functions = CALL_CHAIN_MOST;
    else
        chain->used += (size_t)length;
    chain->functions++;
}

static bool is_function(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Where an inlined function stands in for its call. */
static const char *call_place(Dwarf_Die *unit, Dwarf_Die *inlined, int *line)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, number = 0;
    Dwarf_Files *files;
    size_t count;
    *line = 0;
    if (!dwarf_attr(inlined, DW_AT_call_file, &attribute) ||
        dwarf_formudata(&attribute, &file) != 0 ||
        !dwarf_attr(inlined, DW_AT_call_line, &attribute) ||
        dwarf_formudata(&attribute, &number) != 0 || dwarf_getsrcfiles(unit, &files, &count) != 0 ||
        file >= count)
        return NULL;
    *line = (int)number;
    return dwarf_filesrc(files, file, NULL, NULL);
}

/* Scopes of code stand within each other; a function's own do not reach beyond it. */
static void walk(struct chain *chain, Dwarf_Die *unit, uint64_t address)
{
    Dwarf_Die *scopes, *around = NULL;
    const char *file = NULL;
    int line = 0, first = 0;
    Dwarf_Line *row = dwarf_getsrc_die(unit, address);
    if (row && dwarf_lineno(row, &line) == 0)
        file = dwarf_linesrc(row, NULL, NULL);
    int count = dwarf_getscopes(unit, address, &scopes);
    while (first < count && !is_function(&scopes[first]))
        first++;
    int depth = first < count ? dwarf_getscopes_die(&scopes[first], &around) : 0;
    for (int i = 0; i < depth && chain->functions < CALL_CHAIN_MOST; i++) {
        if (!is_function(&around[i]))
            continue;
        const char *name = safe_name(&around[i]);
        add(chain, name ? name : "?", file, line);
        if (dwarf_tag(&around[i]) == DW_TAG_subprogram)
            break;
        file = call_place(unit, &around[i], &line);
    }
    if (depth > 0)
        free(around);
    if (count > 0)
        free(scopes);
}

static void find_in_file(struct chain *chain, Elf *elf, uint64_t address)
{
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    Dwarf_CU *unit = NULL, *next = NULL;
    Dwarf_Die die, split;
    uint8_t type;
    while (dwarf && chain->functions == 0 &&
           dwarf_get_units(dwarf, unit, &next, NULL, &type, &die, &split) == 0) {
        unit = next;
        if (die.addr && type == DW_UT_compile && dwarf_haspc(&die, address) == 1)
            walk(chain, &die, address);
    }
    dwarf_end(dwarf);
}

size_t call_chain_find(const char *path, uint64_t offset, char *text, size_t bytes)
{
    struct chain chain = {.text = text, .bytes = bytes};
    struct elf_file elf, debug;
    uint64_t address;
    if (elf_file_open(&elf, path) != 0)
        return 0;
    bool is_code = call_line_address(elf.elf, offset, &address);
    if (is_code)
        find_in_file(&chain, elf.elf, address);
    if (is_code && chain.functions == 0 && debug_file_open(&debug, &elf, path) == 0) {
        find_in_file(&chain, debug.elf, address);
        elf_file_close(&debug);
    }
    elf_file_close(&elf);
    return chain.used;
}
