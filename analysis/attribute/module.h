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
    bool is_read; /* segments and symbols are filled in, or could not be */
    struct segment *segments;
    size_t segment_count;
    struct symbols symbols;
    struct debug_table debug;         /* of the allocator alone */
    struct attribution *attributions; /* symbols.count of them, and one for code without a symbol */
};

struct module *module_create(const char *path, bool is_allocator);
void module_destroy(struct module *module);

/* Reads the file; does nothing the second time. -1 with errno where it is no readable ELF file. */
int module_read(struct module *module, struct name_pool *names);

/* To whom the byte of code at `offset` in the file belongs. Reads the file when first asked. */
const struct attribution *module_resolve(struct module *module, uint64_t offset,
                                         struct name_pool *names);

/* The name of the function symbol there, or NULL. */
const char *module_symbol(struct module *module, uint64_t offset, struct name_pool *names);

/* See attributor_functions. The module has been read. */
struct attributed_function *module_functions(const struct module *module, size_t *count);

#endif
