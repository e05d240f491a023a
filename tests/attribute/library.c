/* SPDX-License-Identifier: MIT */
/* Every byte of libhakmem's malloc and free has a source, and the fast path shows its factors. */
#include <string.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/promise.h"

#define AT 0x550000000000u

static bool saw_factor(const char *const *seen, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(seen[i], name) == 0)
            return true;
    }
    return false;
}

static void expect_function(struct attributor *attributor, const char *library,
                            const char *function, const char *const *factors)
{
    struct code_segment code = elf_code_segment(library);
    uint64_t bytes, start = elf_symbol(library, function, &bytes);
    const char *seen[64];
    size_t count = 0, nameless = 0;

    for (uint64_t i = 0; i < bytes; i++) {
        const struct attribution *a =
            attributor_resolve(attributor, 1, AT + start + i - code.address);
        nameless += a->domain != ATTRIBUTED_ALLOCATOR || strcmp(a->source, "unknown") == 0 ||
                    strcmp(a->source, "allocator") == 0;
        if (a->is_factor && count < 64 && !saw_factor(seen, count, a->source))
            seen[count++] = a->source;
    }
    promise(bytes > 0 && nameless == 0, "%s: %llu bytes, %zu without a source", function,
            (unsigned long long)bytes, nameless);
    for (; *factors; factors++)
        promise(saw_factor(seen, count, *factors), "%s: some of it is %s", function, *factors);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    struct attributor *attributor = attributor_create(argv[1]);
    if (!promise(attributor != NULL, "the library is read"))
        return promises_end();
    if (!attributor_has_debug_information(attributor) && !attributor_note(attributor, 0)) {
        note("built without debug information");
        return TEST_SKIPPED;
    }
    struct code_segment code = elf_code_segment(argv[1]);
    attributor_map(attributor, 1, AT, code.bytes, code.offset, argv[1]);
    expect_function(attributor, argv[1], "malloc",
                    (const char *const[]){"cache", "classify", NULL});
    expect_function(attributor, argv[1], "free", (const char *const[]){"cache", "metadata", NULL});
    promise(!attributor_note(attributor, 0), "the reader of its symbols was not stopped");
    attributor_destroy(attributor);
    return promises_end();
}
