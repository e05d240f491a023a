/* SPDX-License-Identifier: MIT */
/* Everything debug information says about the code of one library, ready to be asked by address. */
#ifndef ANALYSIS_DEBUG_TABLE_H
#define ANALYSIS_DEBUG_TABLE_H

#include <libelf.h>

#include "attribute.h"
#include "code_ranges.h"
#include "lens.h"
#include "name_pool.h"

struct debug_table {
    struct code_ranges flat; /* owner: index of an attribution */
    struct attribution
        *attributions; /* of domain ATTRIBUTED_ALLOCATOR, but what a lens says is not */
};

/* Reads the DWARF of `elf`, by its lens or, without one, by folders and files. The table is left
 * empty where there is none or it cannot be read. The names live in the pool; `elf` may be closed
 * afterwards. */
void debug_table_read(struct debug_table *table, Elf *elf, struct lens_choice lens,
                      struct name_pool *names);
void debug_table_finish(struct debug_table *table);

/* NULL where debug information does not cover the address. The same is true of all low <= address <
 * high. */
const struct attribution *debug_table_find(const struct debug_table *table, uint64_t address,
                                           uint64_t *low, uint64_t *high);

#endif
