/* SPDX-License-Identifier: MIT */
/* libhakmem's note of sources: attribute/source_note. The input is what the note describes. */
#include "attribute/source_note.h"
#include "fuzz.h"
#include "src/source_note_layout.h"

static void check_table(const struct debug_table *table, const struct source_note_code *code)
{
    uint64_t before = code->address, low, high;
    for (size_t i = 0; i < table->flat.count; i++) {
        const struct code_range *piece = &table->flat.items[i];
        fuzz_check(piece->low >= before && piece->high > piece->low);
        fuzz_check(piece->high - code->address <= code->bytes);
        const struct attribution *found = debug_table_find(table, piece->low, &low, &high);
        fuzz_check(found && found->source && low == piece->low && high == piece->high);
        before = piece->high;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct name_pool names = {0};
    struct debug_table table;
    struct source_note_code code;
    if (source_note_decode(bytes, count, &table, &names, &code))
        check_table(&table, &code);
    else
        fuzz_check(!table.flat.count && !table.flat.items && !table.attributions);
    debug_table_finish(&table);
    name_pool_finish(&names);
    return 0;
}

static struct fuzz_output output;

static void put_header(uint32_t name_bytes, uint32_t places, uint32_t pieces, uint64_t code_bytes)
{
    const uint32_t counts[] = {HAK_SOURCE_NOTE_VERSION, name_bytes, places, pieces};
    const uint64_t code[] = {0x1000, code_bytes, 42};
    output.count = 0;
    fuzz_put(&output, counts, sizeof counts);
    fuzz_put(&output, code, sizeof code);
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char names[] = "malloc\0factors/cache/magazine.h\0refill.c\0/usr/include/stdio.h";
    static const uint8_t places[] = {1, 8, 0, 34, 1, 43, 0, 0};
    static const uint8_t pieces[] = {1, 4, 0, 2, 2, 3, 3, 1, 4, 0x80, 1};
    static const uint8_t long_piece[] = {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
    put_header(sizeof names, 4, 5, 138);
    fuzz_put(&output, names, sizeof names);
    fuzz_put(&output, places, sizeof places);
    fuzz_put(&output, pieces, sizeof pieces);
    keep("whole", output.bytes, output.count);
    keep("cut", output.bytes, output.count - 3);
    put_header(0, 0, 1, INT64_MAX);
    fuzz_put(&output, long_piece, sizeof long_piece);
    keep("longest_number", output.bytes, output.count);
    put_header(UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX);
    keep("all_at_most", output.bytes, output.count);
    put_header(sizeof names - 1, 0, 0, 0);
    fuzz_put(&output, names, sizeof names - 1);
    keep("name_without_end", output.bytes, output.count);
}
