/* SPDX-License-Identifier: MIT */
/* Writes what source_note.h reads. Of the build alone: hakmem-trace only reads. */
#ifndef ANALYSIS_SOURCE_NOTE_ENCODE_H
#define ANALYSIS_SOURCE_NOTE_ENCODE_H

#include "source_note.h"

struct source_note {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

/* Appends the note of what `table` tells of the code of `elf` to the empty `note`. False where the
 * table tells nothing, its code is not in the file, or memory is out. */
bool source_note_encode(struct source_note *note, const struct debug_table *table, Elf *elf);
void source_note_finish(struct source_note *note);

#endif
