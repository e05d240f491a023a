/* SPDX-License-Identifier: MIT */
#include "source_note.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "description.h"
#include "source_name.h"
#include "src/source_note_layout.h"

/* What is left to read. Whoever reads beyond the end gets 0, and `broken` says so in the end. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool broken;
};

static uint64_t take_number(struct cursor *cursor, size_t bytes)
{
    uint64_t number = 0;
    if ((size_t)(cursor->end - cursor->at) < bytes) {
        cursor->broken = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        number |= (uint64_t)cursor->at[i] << (8 * i);
    cursor->at += bytes;
    return number;
}

static uint64_t take_varint(struct cursor *cursor)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 63 && cursor->at < cursor->end; shift += 7) {
        uint8_t byte = *cursor->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return number;
    }
    cursor->broken = true;
    return 0;
}

struct names {
    const char *text; /* ends with a zero byte, if it has any */
    size_t bytes;
};

/* A varint that is the offset of a name and one. */
static const char *take_name(struct cursor *cursor, const struct names *names,
                             struct name_pool *pool)
{
    uint64_t at = take_varint(cursor);
    if (at == 0)
        return NULL;
    const char *name = at <= names->bytes ? name_pool_copy(pool, names->text + at - 1) : NULL;
    if (!name)
        cursor->broken = true;
    return name;
}

static struct attribution take_place(struct cursor *cursor, const struct names *names,
                                     struct name_pool *pool)
{
    struct attribution place = {.domain = ATTRIBUTED_ALLOCATOR, .source = "allocator"};
    char name[256];
    place.function = take_name(cursor, names, pool);
    place.file = take_name(cursor, names, pool);
    if (source_name_of(place.file, name, sizeof name, &place.is_factor)) {
        place.source = name_pool_copy(pool, name);
        cursor->broken |= !place.source;
    }
    return place;
}

/* NULL where they are broken or memory is out. */
static struct attribution *take_places(struct cursor *cursor, size_t count,
                                       const struct names *names, struct name_pool *pool)
{
    /* A place takes two bytes at least: a claim beyond that is refused before it costs memory. */
    if (count > (size_t)(cursor->end - cursor->at) / 2)
        return NULL;
    struct attribution *places = calloc(count + 1, sizeof *places);
    for (size_t i = 0; places && i < count && !cursor->broken; i++)
        places[i] = take_place(cursor, names, pool);
    if (!cursor->broken)
        return places;
    free(places);
    return NULL;
}

/* Each piece has an attribution of its own, since whoever asks completes it by symbols. */
static bool take_pieces(struct cursor *cursor, size_t count, const struct attribution *places,
                        size_t place_count, const struct source_note_code *code,
                        struct debug_table *table)
{
    uint64_t covered = 0;
    if (count > (size_t)(cursor->end - cursor->at) / 2)
        return false;
    table->attributions = calloc(count + 1, sizeof *table->attributions);
    for (size_t i = 0; table->attributions && i < count; i++) {
        uint64_t place = take_varint(cursor), bytes = take_varint(cursor);
        if (cursor->broken || place > place_count || bytes > code->bytes - covered)
            return false;
        uint64_t low = code->address + covered;
        if (place && !code_ranges_add(&table->flat, low, low + bytes, 0, (uint32_t)i))
            return false;
        if (place)
            table->attributions[i] = places[place - 1];
        covered += bytes;
    }
    return table->attributions && covered == code->bytes && cursor->at == cursor->end;
}

static bool take_all(struct cursor *cursor, struct debug_table *table, struct name_pool *pool,
                     struct source_note_code *code)
{
    uint64_t version = take_number(cursor, 4);
    size_t name_bytes = take_number(cursor, 4);
    size_t place_count = take_number(cursor, 4), piece_count = take_number(cursor, 4);
    code->address = take_number(cursor, 8);
    code->bytes = take_number(cursor, 8);
    code->hash = take_number(cursor, 8);
    if (cursor->broken || version != HAK_SOURCE_NOTE_VERSION ||
        code->address > UINT64_MAX - code->bytes)
        return false;

    struct names names = {(const char *)cursor->at, name_bytes};
    if (name_bytes > (size_t)(cursor->end - cursor->at) ||
        (name_bytes && names.text[name_bytes - 1] != '\0'))
        return false;
    cursor->at += name_bytes;
    struct attribution *places = take_places(cursor, place_count, &names, pool);
    bool done = places && take_pieces(cursor, piece_count, places, place_count, code, table);
    free(places);
    return done;
}

bool source_note_decode(const uint8_t *note, size_t bytes, struct debug_table *table,
                        struct name_pool *names, struct source_note_code *code)
{
    struct cursor cursor = {note, note + bytes, false};
    memset(table, 0, sizeof *table);
    if (take_all(&cursor, table, names, code))
        return true;
    debug_table_finish(table);
    return false;
}

/* The part of the file that is loaded to the code's addresses; NULL where it is not all there. */
static const Elf_Data *code_of(Elf *elf, const struct source_note_code *code)
{
    size_t count;
    if (elf_getphdrnum(elf, &count) != 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD ||
            !(header.p_flags & PF_X) || code->address < header.p_vaddr)
            continue;
        uint64_t skipped = code->address - header.p_vaddr;
        if (skipped <= header.p_filesz && code->bytes <= header.p_filesz - skipped &&
            header.p_offset <= INT64_MAX - skipped)
            return elf_getdata_rawchunk(elf, (int64_t)(header.p_offset + skipped), code->bytes,
                                        ELF_T_BYTE);
    }
    return NULL;
}

bool source_note_hash(Elf *elf, struct source_note_code *code)
{
    const Elf_Data *data = code_of(elf, code);
    if (!data || !data->d_buf || data->d_size != code->bytes)
        return false;
    uint64_t hash = HAK_SOURCE_NOTE_HASH_START;
    for (size_t i = 0; i < data->d_size; i++)
        hash = (hash ^ ((const uint8_t *)data->d_buf)[i]) * HAK_SOURCE_NOTE_HASH_PRIME;
    code->hash = hash;
    return true;
}

static bool is_about(Elf *elf, const struct source_note_code *code)
{
    struct source_note_code found = *code;
    return source_note_hash(elf, &found) && found.hash == code->hash;
}

/* Looks for the note in one section. */
static bool read_section(struct debug_table *table, Elf *elf, Elf_Data *data,
                         struct name_pool *names)
{
    static const char owner[] = HAK_SOURCE_NOTE_OWNER;
    GElf_Nhdr header;
    size_t at = 0, name, note;
    while ((at = gelf_getnote(data, at, &header, &name, &note)) > 0) {
        const char *bytes = data->d_buf;
        struct source_note_code code;
        if (header.n_type != HAK_SOURCE_NOTE_TYPE || header.n_namesz != sizeof owner ||
            memcmp(bytes + name, owner, sizeof owner) != 0 ||
            !source_note_decode((const uint8_t *)bytes + note, header.n_descsz, table, names,
                                &code))
            continue;
        if (is_about(elf, &code))
            return true;
        debug_table_finish(table);
    }
    return false;
}

static void add_steps(struct debug_table *table, const struct lens *lens)
{
    for (size_t i = 0; lens && i < table->flat.count; i++)
        describe_step(&table->attributions[table->flat.items[i].owner], lens);
}

void source_note_read(struct debug_table *table, Elf *elf, const struct lens *lens,
                      struct name_pool *names)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        Elf_Data *data = gelf_getshdr(section, &header) && header.sh_type == SHT_NOTE
                             ? elf_getdata(section, NULL)
                             : NULL;
        if (data && data->d_buf && read_section(table, elf, data, names))
            break;
    }
    add_steps(table, lens);
}
