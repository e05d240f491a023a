/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"
#include "safe_name.h"

static bool add_row(struct lines *lines, Dwarf_Line *row, uint64_t low, uint64_t high,
                    const char *folder, struct name_pool *names)
{
    int line = 0;
    const char *file = dwarf_linesrc(row, NULL, NULL);
    if (!file || dwarf_lineno(row, &line) != 0)
        return true;
    if (!growing_reserve(&lines->items, &lines->capacity, lines->count, sizeof *lines->items))
        return false;
    lines->items[lines->count] = (struct line_row){name_pool_copy(names, file), folder, line};
    return code_ranges_add(&lines->ranges, low, high, 0, (uint32_t)lines->count++);
}

/* Where the unit has code; none where it does not tell. */
static bool unit_pieces(Dwarf_Die *unit, struct code_ranges *pieces)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(unit, at, &base, &low, &high)) > 0) {
        if (!code_ranges_add(pieces, low, high, 0, 0))
            return false;
    }
    return true;
}

/* The end of the unit's piece that holds `low`, at most `high`; `low` where none does. */
static uint64_t end_in_piece(const struct code_ranges *pieces, uint64_t low, uint64_t high)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct code_range *piece = &pieces->items[i];
        if (piece->low <= low && low < piece->high)
            return piece->high < high ? piece->high : high;
    }
    return pieces->count ? low : high;
}

static bool add_rows(struct lines *lines, Dwarf_Lines *table, size_t count,
                     const struct code_ranges *pieces, const char *folder, struct name_pool *names)
{
    for (size_t i = 0; i + 1 < count; i++) {
        Dwarf_Line *row = dwarf_onesrcline(table, i), *next = dwarf_onesrcline(table, i + 1);
        Dwarf_Addr low, high;
        bool ends = false;
        if (dwarf_lineendsequence(row, &ends) != 0 || ends)
            continue;
        if (dwarf_lineaddr(row, &low) != 0 || dwarf_lineaddr(next, &high) != 0 || low >= high)
            continue;
        high = end_in_piece(pieces, low, high);
        if (low < high && !add_row(lines, row, low, high, folder, names))
            return false;
    }
    return true;
}

/* A row holds until the next row's address, or to the end of its sequence. libdw sorts that end
 * before a row at its address, which then would hold to the next sequence: so none holds beyond the
 * unit's code. */
bool lines_add_unit(struct lines *lines, Dwarf_Die *unit, struct name_pool *names)
{
    Dwarf_Lines *table;
    size_t count;
    struct code_ranges pieces = {0};
    if (dwarf_getsrclines(unit, &table, &count) != 0)
        return true;
    const char *folder = name_pool_copy(names, safe_folder(unit));
    bool done = unit_pieces(unit, &pieces) && add_rows(lines, table, count, &pieces, folder, names);
    code_ranges_finish(&pieces);
    return done;
}

void lines_finish(struct lines *lines)
{
    free(lines->items);
    code_ranges_finish(&lines->ranges);
    memset(lines, 0, sizeof *lines);
}
