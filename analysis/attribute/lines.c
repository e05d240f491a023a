/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"

static bool add_row(struct lines *lines, Dwarf_Line *row, uint64_t low, uint64_t high,
                    struct name_pool *names)
{
    int line = 0;
    const char *file = dwarf_linesrc(row, NULL, NULL);
    if (!file || dwarf_lineno(row, &line) != 0)
        return true;
    if (!growing_reserve(&lines->items, &lines->capacity, lines->count, sizeof *lines->items))
        return false;
    lines->items[lines->count] = (struct line_row){name_pool_copy(names, file), line};
    return code_ranges_add(&lines->ranges, low, high, 0, (uint32_t)lines->count++);
}

/* A row holds until the next row's address, or to the end of its sequence. */
bool lines_add_unit(struct lines *lines, Dwarf_Die *unit, struct name_pool *names)
{
    Dwarf_Lines *table;
    size_t count;
    if (dwarf_getsrclines(unit, &table, &count) != 0)
        return true;

    for (size_t i = 0; i + 1 < count; i++) {
        Dwarf_Line *row = dwarf_onesrcline(table, i), *next = dwarf_onesrcline(table, i + 1);
        Dwarf_Addr low, high;
        bool ends = false;
        if (dwarf_lineendsequence(row, &ends) != 0 || ends)
            continue;
        if (dwarf_lineaddr(row, &low) != 0 || dwarf_lineaddr(next, &high) != 0 || low >= high)
            continue;
        if (!add_row(lines, row, low, high, names))
            return false;
    }
    return true;
}

void lines_finish(struct lines *lines)
{
    free(lines->items);
    code_ranges_finish(&lines->ranges);
    memset(lines, 0, sizeof *lines);
}
