/* SPDX-License-Identifier: MIT */
/*
 * Addresses belong to the source whose file holds the innermost inlined function.
 *
 *     sources LIBRARY         a fixture with debug information, in it or beside it
 *     sources LIBRARY bare    one without: symbols are all there is
 */
#include <stdio.h>
#include <string.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/promise.h"

enum { PID = 10 };
#define BASE 0x7f1234000000u

struct expectation {
    const char *mark;
    const char *source;
    bool is_factor;
    const char *function;
    const char *file;
};

static const struct expectation expectations[] = {
    {"mark_malloc_start", "malloc", false, "fixture_malloc", "fixture/malloc.c"},
    {"mark_malloc_middle", "malloc", false, "fixture_malloc", "fixture/malloc.c"},
    {"mark_ring_before", "cache", true, "ring_pop", "factors/cache/ring.h"},
    {"mark_dense_inside", "metadata", true, "dense_find", "factors/metadata/dense.h"},
    {"mark_ring_after", "cache", true, "ring_pop", "factors/cache/ring.h"},
    {"mark_fast_path_inside", "fast_path", false, "fast_path", "fixture/fast_path.h"},
    {"mark_refill_start", "refill", false, "fixture_refill", "fixture/refill.c"},
    {"mark_refill_slow", "refill", false, "slow", "fixture/refill.c"},
};

static bool ends_with(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0;
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static void expect_sources(struct attributor *attributor, const char *library,
                           const struct code_segment *code)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        const struct expectation *e = &expectations[i];
        uint64_t address = elf_symbol(library, e->mark, NULL);
        const struct attribution *a =
            attributor_resolve(attributor, PID, BASE + address - code->address);
        promise(a->domain == ATTRIBUTED_ALLOCATOR, "%s is in the allocator", e->mark);
        promise(strcmp(a->source, e->source) == 0 && a->is_factor == e->is_factor,
                "%s: source %s (is %s)", e->mark, e->source, a->source);
        promise(a->function && strcmp(a->function, e->function) == 0, "%s: function %s", e->mark,
                e->function);
        promise(ends_with(a->file, e->file), "%s: file %s (is %s)", e->mark, e->file,
                a->file ? a->file : "none");
        promise(a->line > 0, "%s: line %d", e->mark, a->line);
    }
}

static void expect_symbols(struct attributor *attributor, const char *library,
                           const struct code_segment *code)
{
    uint64_t address = elf_symbol(library, "mark_dense_inside", NULL);
    const struct attribution *a =
        attributor_resolve(attributor, PID, BASE + address - code->address);
    promise(a->domain == ATTRIBUTED_ALLOCATOR, "still in the allocator");
    promise(strcmp(a->source, "allocator") == 0 && !a->is_factor, "source allocator (is %s)",
            a->source);
    promise(a->function && strcmp(a->function, "fixture_malloc") == 0,
            "the function by its symbol");
    promise(!a->file && a->line == 0, "no file, no line");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    bool bare = argc > 2 && strcmp(argv[2], "bare") == 0;
    struct code_segment code = elf_code_segment(argv[1]);
    struct attributor *attributor = attributor_create(argv[1]);
    if (!promise(attributor != NULL, "the library is read"))
        return promises_end();

    promise(attributor_has_debug_information(attributor) == !bare, "debug information: %s",
            bare ? "none" : "found");
    attributor_map(attributor, PID, BASE, code.bytes, code.offset, argv[1]);
    if (bare)
        expect_symbols(attributor, argv[1], &code);
    else
        expect_sources(attributor, argv[1], &code);
    attributor_destroy(attributor);
    return promises_end();
}
