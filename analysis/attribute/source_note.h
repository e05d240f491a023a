/* SPDX-License-Identifier: MIT */
/*
 * The note of sources that libhakmem.so carries, for where its debug information was stripped: the
 * same functions, files and sources, without lines. Layout: src/source_note_layout.h.
 */
#ifndef ANALYSIS_SOURCE_NOTE_H
#define ANALYSIS_SOURCE_NOTE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debug_table.h"
#include "name_pool.h"

/* The code that a note is about. */
struct source_note_code {
    uint64_t address; /* as the file's symbols and debug information count */
    uint64_t bytes;
    uint64_t hash; /* of these bytes: source_note_hash */
};

/* Fills the empty table from the note of `elf`, with steps by the lens (or NULL). It is left empty
 * where there is no note, where the note breaks its layout anywhere, or is about other code than
 * the file's. */
void source_note_read(struct debug_table *table, Elf *elf, const struct lens *lens,
                      struct name_pool *names);

/* The same of a note's `bytes`, from `note` on, without looking at the code. False where the note
 * breaks its layout or memory is out; then the table is empty. */
bool source_note_decode(const uint8_t *note, size_t bytes, struct debug_table *table,
                        struct name_pool *names, struct source_note_code *code);

/* Sets the hash of `code` to that of the file's bytes there. False where the file has none. */
bool source_note_hash(Elf *elf, struct source_note_code *code);

#endif
