/* SPDX-License-Identifier: MIT */
#include "scopes.h"

#include <dwarf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "growing.h"
#include "safe_name.h"

/* Deeper than any compiler nests; broken files can claim any depth. */
enum { DEEPEST = 256 };

static int declared_line(Dwarf_Die *die)
{
    int line;
    return dwarf_decl_line(die, &line) == 0 ? line : 0;
}

static int call_line(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Word line;
    if (!dwarf_attr(die, DW_AT_call_line, &attribute) || dwarf_formudata(&attribute, &line) != 0 ||
        line > INT_MAX)
        return 0;
    return (int)line;
}

/* A function's name and file stand on its abstract origin when it is inlined: libdw follows. */
static int add_scope(struct scopes *scopes, Dwarf_Die *die, int parent, struct name_pool *names)
{
    if (scopes->count >= CODE_RANGES_MOST ||
        !growing_reserve(&scopes->items, &scopes->capacity, scopes->count, sizeof *scopes->items))
        return SCOPE_NONE;
    scopes->items[scopes->count] = (struct scope){
        .function = name_pool_copy(names, safe_name(die)),
        .file = name_pool_copy(names, dwarf_decl_file(die)),
        .declared = declared_line(die),
        .called = call_line(die),
        .parent = parent,
    };
    return (int)scopes->count++;
}

static bool is_function(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Sets `*scope` to the function's new scope where it has code, and leaves it where it has none. */
static bool add_function(struct scopes *scopes, Dwarf_Die *die, int *scope, int depth,
                         struct name_pool *names)
{
    Dwarf_Addr base = 0, low = 0, high = 0;
    ptrdiff_t at = dwarf_ranges(die, 0, &base, &low, &high);
    if (at <= 0)
        return true;

    int added = add_scope(scopes, die, *scope, names);
    if (added == SCOPE_NONE)
        return false;
    *scope = added;
    while (at > 0) {
        if (!code_ranges_add(&scopes->ranges, low, high, (uint32_t)depth, (uint32_t)added))
            return false;
        at = dwarf_ranges(die, at, &base, &low, &high);
    }
    return true;
}

static bool add_children(struct scopes *scopes, Dwarf_Die *parent, int scope, int depth,
                         struct name_pool *names)
{
    Dwarf_Die die;
    if (depth >= DEEPEST || dwarf_child(parent, &die) != 0)
        return true;
    do {
        /* Sibling links that point back would send us round for ever. */
        uint64_t offset = dwarf_dieoffset(&die);
        if (offset <= scopes->last_offset)
            return true;
        scopes->last_offset = offset;

        int inner = scope;
        if (is_function(&die) && !add_function(scopes, &die, &inner, depth, names))
            return false;
        if (dwarf_haschildren(&die) > 0 && !add_children(scopes, &die, inner, depth + 1, names))
            return false;
    } while (dwarf_siblingof(&die, &die) == 0);
    return true;
}

bool scopes_add_unit(struct scopes *scopes, Dwarf_Die *unit, struct name_pool *names)
{
    scopes->last_offset = dwarf_dieoffset(unit);
    return add_children(scopes, unit, SCOPE_NONE, 1, names);
}

void scopes_finish(struct scopes *scopes)
{
    free(scopes->items);
    code_ranges_finish(&scopes->ranges);
    memset(scopes, 0, sizeof *scopes);
}
