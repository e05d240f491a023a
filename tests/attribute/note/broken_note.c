/* SPDX-License-Identifier: MIT */
/*
 * A note of sources is read whole or not at all: cut short anywhere it is refused; with bytes
 * changed anywhere it is refused, or what is read from it keeps the layout. Built with sanitizers
 * where there are any; each note stands in a block of its own size, so that they see every byte
 * beyond it.
 *
 *     broken_note LIBRARY COPIES
 */
#include <stdlib.h>
#include <string.h>

#include "attribute/debug_file.h"
#include "attribute/source_note.h"
#include "attribute/source_note_encode.h"
#include "src/source_note_layout.h"
#include "support/process.h"
#include "support/promise.h"

static bool is_empty(const struct debug_table *table)
{
    return !table->flat.count && !table->flat.items && !table->attributions;
}

/* Every piece in the code, behind the one before it, with a source. */
static bool is_whole(const struct debug_table *table, const struct source_note_code *code)
{
    uint64_t before = code->address, low, high;
    for (size_t i = 0; i < table->flat.count; i++) {
        const struct code_range *piece = &table->flat.items[i];
        if (piece->low < before || piece->high <= piece->low ||
            piece->high - code->address > code->bytes)
            return false;
        if (!debug_table_find(table, piece->low, &low, &high)->source || low != piece->low ||
            high != piece->high)
            return false;
        before = piece->high;
    }
    return true;
}

static bool decodes(const uint8_t *note, size_t bytes, bool *kept)
{
    uint8_t *copy = malloc(bytes + !bytes);
    struct name_pool names = {0};
    struct debug_table table;
    struct source_note_code code;
    memcpy(copy, note, bytes);
    bool done = source_note_decode(copy, bytes, &table, &names, &code);
    free(copy); /* nothing of it may be needed afterwards */
    *kept = done ? is_whole(&table, &code) : is_empty(&table);
    debug_table_finish(&table);
    name_pool_finish(&names);
    return done;
}

static void expect_cuts_refused(const struct source_note *note)
{
    size_t refused = 0, kept = 0;
    bool keeps;
    for (size_t bytes = 0; bytes < note->count; bytes++) {
        refused += !decodes(note->bytes, bytes, &keeps);
        kept += keeps;
    }
    promise(refused == note->count && kept == note->count, "%zu of %zu cut notes are refused",
            refused, note->count);
}

static void expect_longer_refused(const struct source_note *note)
{
    uint8_t *longer = calloc(1, note->count + 1);
    bool keeps;
    memcpy(longer, note->bytes, note->count);
    promise(!decodes(longer, note->count + 1, &keeps), "a note with more behind it is refused");
    free(longer);
}

/* Half of the changes in the header, where every number is of weight. */
static void damage(uint8_t *bytes, size_t count, uint64_t *random)
{
    bool in_header = random_next(random) % 2;
    for (size_t changes = 1 + random_next(random) % 8; changes; changes--) {
        size_t at = random_next(random) % (in_header ? HAK_SOURCE_NOTE_HEADER_BYTES : count);
        bytes[at] = random_next(random) % 4 ? (uint8_t)random_next(random) : 0xff;
    }
}

static void expect_damage_survived(const struct source_note *note, size_t copies)
{
    uint64_t random = 0x9e3779b97f4a7c15u;
    uint8_t *damaged = malloc(note->count);
    size_t kept = 0, refused = 0;
    for (size_t i = 0; i < copies; i++) {
        bool keeps;
        memcpy(damaged, note->bytes, note->count);
        damage(damaged, note->count, &random);
        refused += !decodes(damaged, note->count, &keeps);
        kept += keeps;
    }
    free(damaged);
    promise(kept == copies, "%zu of %zu damaged notes were read by their layout or refused", kept,
            copies);
    promise(refused > copies / 2, "%zu of them were refused", refused);
}

/* The same length, and one thing wrong that no other check sees. */
static void expect_refused(const struct source_note *note, size_t at, uint8_t value,
                           const char *what)
{
    uint8_t *copy = malloc(note->count);
    bool keeps;
    memcpy(copy, note->bytes, note->count);
    copy[at] = value;
    promise(!decodes(copy, note->count, &keeps) && keeps, "%s is refused", what);
    free(copy);
}

/* Ten bytes of code at 4096, one place without names, three pieces whose sum is ten only where 64
 * bits overflow. */
static void expect_overflow_refused(void)
{
    static const uint8_t note[] = {
        HAK_SOURCE_NOTE_VERSION,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        3,
        0,
        0,
        0, /* counts */
        0,
        16,
        0,
        0,
        0,
        0,
        0,
        0,
        10,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0, /* code */
        0,
        0, /* place */
        1,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0x7f, /* 2^63 - 1 */
        1,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0x7f,
        1,
        12,
    };
    bool keeps;
    promise(!decodes(note, sizeof note, &keeps) && keeps, "an overflowing sum is refused");
}

int main(int argc, char **argv)
{
    struct elf_file file;
    struct name_pool names = {0};
    struct debug_table table;
    struct source_note written = {0};
    bool keeps;
    if (argc < 3)
        return 2;
    if (!promise(elf_file_open(&file, argv[1]) == 0, "the library is opened"))
        return promises_end();
    debug_table_read(&table, file.elf, (struct lens_choice){0}, &names);
    if (!table.flat.count) {
        note("built without debug information");
        return TEST_SKIPPED;
    }
    if (promise(source_note_encode(&written, &table, file.elf), "its note is written") &&
        promise(decodes(written.bytes, written.count, &keeps) && keeps, "and read")) {
        expect_cuts_refused(&written);
        expect_longer_refused(&written);
        expect_overflow_refused();
        expect_damage_survived(&written, strtoul(argv[2], NULL, 10));
        expect_refused(&written, 0, HAK_SOURCE_NOTE_VERSION + 1, "another version");
        expect_refused(&written, 24, (uint8_t)(written.bytes[24] + 1), "more code than pieces");
        expect_refused(&written, written.count - 1, 0, "less in pieces than code");
        uint32_t name_bytes;
        memcpy(&name_bytes, written.bytes + 4, sizeof name_bytes);
        expect_refused(&written, HAK_SOURCE_NOTE_HEADER_BYTES + name_bytes - 1, 'x',
                       "a name without an end");
    }
    source_note_finish(&written);
    debug_table_finish(&table);
    name_pool_finish(&names);
    elf_file_close(&file);
    return promises_end();
}
