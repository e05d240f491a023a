/* SPDX-License-Identifier: MIT */
#include "source_note_encode.h"

#include <stdlib.h>
#include <string.h>

#include "growing.h"
#include "source_name.h"
#include "src/source_note_layout.h"

struct encoder {
    struct name_pool names; /* value: offset of the name in `text`, and one */
    struct source_note text, places, pieces;
    const struct attribution **known; /* one of each place */
    size_t place_count, capacity;
    size_t piece_count;
    bool failed;
};

static void put_byte(struct encoder *encoder, struct source_note *note, uint8_t byte)
{
    if (growing_reserve(&note->bytes, &note->capacity, note->count, 1))
        note->bytes[note->count++] = byte;
    else
        encoder->failed = true;
}

static void put_bytes(struct encoder *encoder, struct source_note *note, const void *bytes,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_byte(encoder, note, ((const uint8_t *)bytes)[i]);
}

static void put_number(struct encoder *encoder, struct source_note *note, uint64_t number,
                       size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        put_byte(encoder, note, (uint8_t)(number >> (8 * i)));
}

static void put_varint(struct encoder *encoder, struct source_note *note, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        put_byte(encoder, note, (uint8_t)(number | 0x80));
    put_byte(encoder, note, (uint8_t)number);
}

static void put_name(struct encoder *encoder, const char *text)
{
    struct pooled_name *name = text ? name_pool_entry(&encoder->names, text) : NULL;
    if (text && !name)
        encoder->failed = true;
    if (name && !name->value) {
        name->value = (void *)(uintptr_t)(encoder->text.count + 1);
        put_bytes(encoder, &encoder->text, text, strlen(text) + 1);
    }
    put_varint(encoder, &encoder->places, name ? (uintptr_t)name->value : 0);
}

static bool same_source(const char *a, const char *b)
{
    char name_a[256], name_b[256];
    bool factor_a, factor_b;
    bool is_a = source_name_of(a, name_a, sizeof name_a, &factor_a);
    bool is_b = source_name_of(b, name_b, sizeof name_b, &factor_b);
    return is_a == is_b && factor_a == factor_b && (!is_a || strcmp(name_a, name_b) == 0);
}

/* The shortest end of the path that names the same source, so that no note tells, or depends on,
 * where the library was built. */
static const char *cut(const char *file)
{
    const char *end = file ? strrchr(file, '/') : NULL;
    while (end && !same_source(file, end + 1))
        end = memrchr(file, '/', (size_t)(end - file));
    return end ? end + 1 : file;
}

static bool same_place(const struct attribution *a, const struct attribution *b)
{
    return a == b || (a->function == b->function && a->file == b->file);
}

/* The place's number and one. */
static size_t place_of(struct encoder *encoder, const struct attribution *place)
{
    for (size_t i = 0; i < encoder->place_count; i++) {
        if (same_place(encoder->known[i], place))
            return i + 1;
    }
    if (!growing_reserve(&encoder->known, &encoder->capacity, encoder->place_count,
                         sizeof *encoder->known)) {
        encoder->failed = true;
        return 0;
    }
    put_name(encoder, place->function);
    put_name(encoder, cut(place->file));
    encoder->known[encoder->place_count++] = place;
    return encoder->place_count;
}

static void put_piece(struct encoder *encoder, size_t place, uint64_t bytes)
{
    put_varint(encoder, &encoder->pieces, place);
    put_varint(encoder, &encoder->pieces, bytes);
    encoder->piece_count++;
}

/* Pieces that differ in their lines alone become one; those without a function, which whoever asks
 * takes from the symbols, may belong to several. */
static void put_pieces(struct encoder *encoder, const struct debug_table *table)
{
    const struct code_range *items = table->flat.items;
    size_t last = 0;
    for (size_t at = 0; at < table->flat.count; at = last + 1) {
        const struct attribution *place = &table->attributions[items[at].owner];
        if (at && items[at].low > items[at - 1].high)
            put_piece(encoder, 0, items[at].low - items[at - 1].high);
        last = at;
        while (place->function && last + 1 < table->flat.count &&
               items[last + 1].low == items[last].high &&
               same_place(&table->attributions[items[last + 1].owner], place))
            last++;
        put_piece(encoder, place_of(encoder, place), items[last].high - items[at].low);
    }
}

static void put_all(struct encoder *encoder, struct source_note *note,
                    const struct source_note_code *code)
{
    put_number(encoder, note, HAK_SOURCE_NOTE_VERSION, 4);
    put_number(encoder, note, encoder->text.count, 4);
    put_number(encoder, note, encoder->place_count, 4);
    put_number(encoder, note, encoder->piece_count, 4);
    put_number(encoder, note, code->address, 8);
    put_number(encoder, note, code->bytes, 8);
    put_number(encoder, note, code->hash, 8);
    put_bytes(encoder, note, encoder->text.bytes, encoder->text.count);
    put_bytes(encoder, note, encoder->places.bytes, encoder->places.count);
    put_bytes(encoder, note, encoder->pieces.bytes, encoder->pieces.count);
}

bool source_note_encode(struct source_note *note, const struct debug_table *table, Elf *elf)
{
    if (!table->flat.count)
        return false;
    struct source_note_code code = {.address = table->flat.items[0].low};
    code.bytes = table->flat.items[table->flat.count - 1].high - code.address;
    if (!source_note_hash(elf, &code))
        return false;

    struct encoder encoder = {0};
    put_pieces(&encoder, table);
    put_all(&encoder, note, &code);
    source_note_finish(&encoder.text);
    source_note_finish(&encoder.places);
    source_note_finish(&encoder.pieces);
    name_pool_finish(&encoder.names);
    free(encoder.known);
    return !encoder.failed;
}

void source_note_finish(struct source_note *note)
{
    free(note->bytes);
    memset(note, 0, sizeof *note);
}
