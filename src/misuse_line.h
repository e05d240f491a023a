/* SPDX-License-Identifier: MIT */
/* The line that a misused allocator ends with: put together without allocating, and without a lock,
 * for some may be held. What other threads change meanwhile may be told as it was or as it becomes.
 */
#ifndef HAK_MISUSE_LINE_H
#define HAK_MISUSE_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* `length` is below the size, so that a newline always fits. */
struct hak_line {
    char text[768];
    size_t length;
};

void hak_line_add(struct hak_line *line, const char *text);
void hak_line_add_number(struct hak_line *line, uint64_t number);
void hak_line_add_address(struct hak_line *line, uintptr_t address);

/* Where `pointer` lies: the block and how far into it, its size class and slab, and whose it is;
 * the large or huge block; the free span; or none of ours. `is_free`: the block is known to be. */
void hak_line_add_place(struct hak_line *line, const void *pointer, bool is_free);

/* "; allocated by thread 123 for 100 bytes, called from NAME+0x1234": where the block that
 * `pointer` lies in was sampled (sample.h), as far as that is still known; else nothing. Offsets
 * are in the file of that name. */
void hak_line_add_birth(struct hak_line *line, const void *pointer);

/* A span of the arena. `word`, without HAK_WORD_FLAGS, is 0 where it is free; `units` is 0 where
 * nothing was ever handed out from `first` on. */
struct hak_span {
    uint32_t first, units, word;
};

/* The span that covers this unit, which is reserved. Walks down from it: only to explain. */
struct hak_span hak_span_of(uint32_t unit);

/* True where the pointer's slab has a block there; false in the rest at a slab's end. */
bool hak_span_has_block(const struct hak_span *slab, const void *pointer);

#endif
