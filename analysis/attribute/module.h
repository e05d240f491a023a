/* SPDX-License-Identifier: MIT */
/* A file that is mapped into some process: the allocator's library, the program, another library.
 */
#ifndef ANALYSIS_MODULE_H
#define ANALYSIS_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attribute.h"
#include "debug_table.h"
#include "name_pool.h"
#include "symbols.h"

struct segment {
    uint64_t offset; /* in the file */
    uint64_t bytes;
    uint64_t address; /* as the file's symbols and debug information count */
};

struct module {
    const char *path; /* pooled */
    bool is_allocator;
    int descriptor; /* the file, opened by another; -1: it is opened at the path */
    bool is_read;   /* segments and symbols are filled in, or could not be: `error` says why */
    int error;
    struct segment *segments;
    size_t segment_count;
    struct symbols symbols;
    struct lens_choice lens;  /* of an allocator */
    struct debug_table debug; /* of the allocator's library, of others with a lens once asked */
    bool has_read_debug;      /* of another allocator: or tried to */
};

/* What is known of a byte of code, and of its neighbours: it holds for low <= offset < high. */
struct module_place {
    uint64_t low, high;
    struct attribution attribution;
    const char *symbol; /* of the function there, or NULL */
};

struct module *module_create(const char *path, bool is_allocator, int descriptor);
void module_destroy(struct module *module);

/* Reads the file, the first time. -1 with errno where it is no readable ELF file. */
int module_read(struct module *module, struct name_pool *names);

/* What the byte of code at `offset` in the file, which has been read, is. */
void module_find(struct module *module, uint64_t offset, struct module_place *place,
                 struct name_pool *names);

/* Symbol number `at` of the file, which has been read and has more; `bytes` 0: of no code. */
void module_function(const struct module *module, size_t at, struct attributed_function *function);

#endif
