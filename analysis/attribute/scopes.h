/* SPDX-License-Identifier: MIT */
/*
 * The functions of a library and the functions inlined in them, as DWARF tells them: every concrete
 * subprogram and inlined_subroutine with its ranges of code.
 */
#ifndef ANALYSIS_SCOPES_H
#define ANALYSIS_SCOPES_H

#include <elfutils/libdw.h>

#include "code_ranges.h"
#include "name_pool.h"

enum { SCOPE_NONE = -1 };

struct scope {
    const char *function; /* pooled; NULL where DWARF names none */
    const char *file;     /* pooled; the file it was written in, wherever it was inlined */
    int declared;         /* line it was written in; 0: not known */
    int called;           /* inlined: line it stands in for, in the parent's file or 0 */
    int parent;           /* index of the function it is inlined in, or SCOPE_NONE */
};

struct scopes {
    struct scope *items;
    size_t count;
    size_t capacity;
    struct code_ranges ranges; /* owner: index of a scope */
    uint64_t last_offset;      /* of the entry read last: entries are read in order of offset */
};

/* Adds what one unit holds. False when memory is out; what is broken in the unit is left out. */
bool scopes_add_unit(struct scopes *scopes, Dwarf_Die *unit, struct name_pool *names);
void scopes_finish(struct scopes *scopes);

#endif
