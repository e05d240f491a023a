/* SPDX-License-Identifier: MIT */
/*
 * Of the build: reads the debug information of libhakmem, as it was linked with an empty note, and
 * writes what its note of sources is to hold, for the assembler (src/source_note.S).
 *
 *     write-source-note LIBRARY FILE
 *
 * Where there is nothing to write FILE is empty, and the build goes on.
 */
#include <stdio.h>

#include "debug_file.h"
#include "source_note_encode.h"

static bool encode(struct source_note *note, const char *library)
{
    struct elf_file file;
    struct name_pool names = {0};
    struct debug_table table;
    if (elf_file_open(&file, library) != 0)
        return false;
    debug_table_read(&table, file.elf, (struct lens_choice){0}, &names);
    bool done = source_note_encode(note, &table, file.elf);
    debug_table_finish(&table);
    name_pool_finish(&names);
    elf_file_close(&file);
    return done;
}

static void print(FILE *out, const struct source_note *note)
{
    for (size_t i = 0; i < note->count; i++)
        fprintf(out, "%s%d%s", i % 16 ? "," : "    .byte ", note->bytes[i],
                i % 16 == 15 || i + 1 == note->count ? "\n" : "");
}

int main(int argc, char **argv)
{
    struct source_note note = {0};
    if (argc != 3) {
        fprintf(stderr, "Usage: write-source-note LIBRARY FILE\n");
        return 2;
    }
    bool is_encoded = encode(&note, argv[1]);
    if (!is_encoded)
        fprintf(stderr,
                "%s: no debug information that can be read: libhakmem.so is built without "
                "its note of sources\n",
                argv[1]);
    FILE *out = fopen(argv[2], "w");
    if (out && is_encoded)
        print(out, &note);
    source_note_finish(&note);
    if (!out || fclose(out) != 0) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
