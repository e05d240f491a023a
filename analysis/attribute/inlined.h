/* SPDX-License-Identifier: MIT */
/*
 * The functions that bytes of code stand in, of any file that has debug information: those that
 * were inlined there and the one that has the code. A unit's tables are read when a byte of it is
 * first asked for, so that many questions about one file cost little more than one.
 */
#ifndef ANALYSIS_INLINED_H
#define ANALYSIS_INLINED_H

#include <stddef.h>
#include <stdint.h>

#include "name_pool.h"

struct inlined_frame {
    const char *function; /* pooled; NULL where DWARF names none */
    const char *file;     /* pooled, or NULL */
    int line;             /* the code's, of an outer function the line of the call; 0: not known */
};

struct inlined_file;

/* NULL where the file, and a separate one, have no debug information, or memory is out. */
struct inlined_file *inlined_file_open(const char *path);
void inlined_file_close(struct inlined_file *file);

/* Of the byte of code at `offset` in the file, the innermost function first: how many of `most`. */
size_t inlined_find(struct inlined_file *file, uint64_t offset, struct name_pool *names,
                    struct inlined_frame *frames, size_t most);

#endif
