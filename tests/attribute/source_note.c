/* SPDX-License-Identifier: MIT */
/*
 * What the note of sources tells of a stripped library is what debug information tells of it, of
 * every byte that can be executed; and a note of other code tells nothing.
 *
 *     source_note UNMAPPED STRIPPED
 *
 * UNMAPPED: the library as it was linked first, with debug information and an empty note.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/promise.h"

#define AT 0x550000000000u
enum { BYTES_MOST = 1 << 22, NOTE_BYTES_MOST = 32 << 10 };

static struct attributor *open_library(const char *path, const struct code_segment *code)
{
    struct attributor *attributor = attributor_create(path);
    if (attributor)
        attributor_map(attributor, 1, AT, code->bytes, code->offset, path);
    return attributor;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0, wanted = end ? strlen(end) : 0;
    return !text == !end && length >= wanted && (!end || !strcmp(text + length - wanted, end));
}

struct compared {
    size_t covered, with_line, other_source, other_function, other_file, stripped_with_line;
};

static void compare(struct compared *sum, const struct attribution *whole,
                    const struct attribution *stripped)
{
    sum->covered += whole->file != NULL;
    sum->with_line += whole->line > 0;
    sum->stripped_with_line += stripped->line > 0;
    sum->other_source += whole->domain != stripped->domain ||
                         whole->is_factor != stripped->is_factor ||
                         strcmp(whole->source, stripped->source) != 0;
    /* What debug information does not cover is known by symbols, of which strip leaves a few. */
    sum->other_function += whole->file && !same_text(whole->function, stripped->function);
    sum->other_file += !ends_with(whole->file, stripped->file);
}

static void expect_same(struct attributor *a, struct attributor *b, const struct code_segment *code)
{
    struct compared sum = {0};
    promise(attributor_has_debug_information(b), "the stripped one has its sources");
    for (uint64_t i = 0; i < code->bytes; i++)
        compare(&sum, attributor_resolve(a, 1, AT + i), attributor_resolve(b, 1, AT + i));
    promise(sum.with_line > code->bytes / 2, "debug information covers %zu of %llu bytes",
            sum.covered, (unsigned long long)code->bytes);
    promise(sum.stripped_with_line == 0, "the stripped one has none of it");
    promise(sum.other_source == 0, "%zu bytes of another source", sum.other_source);
    promise(sum.other_function == 0, "%zu bytes of another function", sum.other_function);
    promise(sum.other_file == 0, "%zu bytes of another file", sum.other_file);
}

static size_t read_file(const char *path, unsigned char *bytes)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = descriptor < 0 ? -1 : read(descriptor, bytes, BYTES_MOST);
    if (descriptor >= 0)
        close(descriptor);
    return got > 0 && got < BYTES_MOST ? (size_t)got : 0;
}

static bool same_code(const char *unmapped, const char *stripped)
{
    static unsigned char a[BYTES_MOST], b[BYTES_MOST];
    struct code_segment code = elf_section(unmapped, ".text");
    struct code_segment other = elf_section(stripped, ".text");
    bool is_read = read_file(unmapped, a) && read_file(stripped, b);
    return promise(is_read && code.bytes && code.address == other.address &&
                       code.bytes == other.bytes &&
                       memcmp(a + code.offset, b + other.offset, code.bytes) == 0,
                   "the note changes no byte and no address of the code");
}

/* One byte of malloc is another. */
static void expect_refusal(const char *stripped)
{
    static unsigned char bytes[BYTES_MOST];
    struct code_segment code = elf_code_segment(stripped);
    size_t count = read_file(stripped, bytes);
    char path[] = "/tmp/hakmem-note-XXXXXX";
    int descriptor = mkstemp(path);
    if (count)
        bytes[elf_symbol(stripped, "malloc", NULL) - code.address + code.offset] ^= 1;
    bool written = count && write(descriptor, bytes, count) == (ssize_t)count;
    struct attributor *attributor = open_library(path, &code);
    promise(written && attributor && !attributor_has_debug_information(attributor),
            "of other code the note tells nothing");
    attributor_destroy(attributor);
    close(descriptor);
    unlink(path);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    const char *unmapped = argv[1], *stripped = argv[2];
    struct code_segment code = elf_code_segment(unmapped), other = elf_code_segment(stripped);
    struct attributor *a = open_library(unmapped, &code), *b = open_library(stripped, &other);
    if (!promise(a && b, "both are read"))
        return promises_end();
    if (!attributor_has_debug_information(a)) {
        note("built without debug information");
        return TEST_SKIPPED;
    }
    if (same_code(unmapped, stripped))
        expect_same(a, b, &code);
    expect_refusal(stripped);
    uint64_t bytes = elf_section(stripped, ".note.hakmem.sources").bytes;
    promise(bytes > 0 && bytes < NOTE_BYTES_MOST, "the note takes %llu bytes",
            (unsigned long long)bytes);
    attributor_destroy(a);
    attributor_destroy(b);
    return promises_end();
}
