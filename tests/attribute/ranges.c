/* SPDX-License-Identifier: MIT */
/* Flattening of nested and of crossing ranges, against the plain definition; the folder rule. */
#include <stdlib.h>
#include <string.h>

#include "attribute/code_ranges.h"
#include "attribute/source_name.h"
#include "support/process.h"
#include "support/promise.h"

enum { SPACE = 64 };

/* The deepest range that covers the address, among equals the one added last. */
static uint32_t plain_owner(const struct code_range *ranges, size_t count, uint64_t address)
{
    const struct code_range *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct code_range *range = &ranges[i];
        if (address < range->low || address >= range->high)
            continue;
        if (!best || range->depth >= best->depth)
            best = range;
    }
    return best ? best->owner : UINT32_MAX;
}

static bool flattens(const struct code_range *list, size_t count)
{
    struct code_ranges ranges = {0}, flat = {0};
    for (size_t i = 0; i < count; i++)
        code_ranges_add(&ranges, list[i].low, list[i].high, list[i].depth, list[i].owner);
    bool same = code_ranges_flatten(&ranges, &flat);
    for (uint64_t address = 0; address < SPACE + 2 && same; address++) {
        uint64_t low, high;
        size_t at = code_ranges_find(&flat, address, &low, &high);
        uint32_t owner = at == SIZE_MAX ? UINT32_MAX : flat.items[at].owner;
        same = owner == plain_owner(list, count, address);
    }
    code_ranges_finish(&ranges);
    code_ranges_finish(&flat);
    return same;
}

static void expect_random_ranges(void)
{
    uint64_t random = 12345;
    size_t kept = 0, rounds = 20000;
    for (size_t round = 0; round < rounds; round++) {
        struct code_range list[12];
        size_t count = random_next(&random) % 13;
        for (size_t i = 0; i < count; i++) {
            uint64_t low = random_next(&random) % SPACE;
            list[i] = (struct code_range){low, low + random_next(&random) % 20,
                                          (uint32_t)(random_next(&random) % 4), (uint32_t)i};
        }
        kept += flattens(list, count);
    }
    promise(kept == rounds, "%zu of %zu random sets flatten as defined", kept, rounds);
}

static void expect_name(const char *file, const char *name, bool factor)
{
    char text[32];
    bool is_factor;
    bool found = source_name_of(file, text, sizeof text, &is_factor);
    if (!name) {
        promise(!found, "%s is no source", file ? file : "NULL");
        return;
    }
    promise(found && strcmp(text, name) == 0 && is_factor == factor, "%s is %s", file, name);
}

int main(void)
{
    expect_random_ranges();
    expect_name("/build/../src/factors/cache/magazine.h", "cache", true);
    expect_name("factors/check/key.h", "check", true);
    expect_name("../src/refill.c", "refill", false);
    expect_name("refill.c", "refill", false);
    expect_name("/x/src/fast_path.h", "fast_path", false);
    expect_name("/x/factors/readme.h", "readme", false);
    expect_name("/x/notfactors/cache/a.h", "a", false);
    expect_name("/x/.hidden", ".hidden", false);
    expect_name("/x/a.b.c", "a.b", false);
    expect_name("/a-file-whose-name-is-longer-than-the-room-there-is.c",
                "a-file-whose-name-is-longer-tha", false);
    expect_name("/usr/include/x86_64-linux-gnu/bits/string_fortified.h", NULL, false);
    expect_name("/usr/lib/gcc/x86_64-linux-gnu/12/include/emmintrin.h", NULL, false);
    expect_name("<built-in>", NULL, false);
    expect_name("/folder/", NULL, false);
    expect_name("", NULL, false);
    expect_name(NULL, NULL, false);
    return promises_end();
}
