/* SPDX-License-Identifier: MIT */
/* The line table of a library: which line of which file each piece of code was written in. */
#ifndef ANALYSIS_LINES_H
#define ANALYSIS_LINES_H

#include <elfutils/libdw.h>

#include "code_ranges.h"
#include "name_pool.h"

struct line_row {
    const char *file;   /* pooled */
    const char *folder; /* pooled: what a relative file is relative to; NULL where unknown */
    int line;
};

struct lines {
    struct line_row *items;
    size_t count;
    size_t capacity;
    struct code_ranges ranges; /* owner: index of a row */
};

/* Adds the lines of one unit. False when memory is out; a broken table is left out. */
bool lines_add_unit(struct lines *lines, Dwarf_Die *unit, struct name_pool *names);
void lines_finish(struct lines *lines);

#endif
