/* SPDX-License-Identifier: MIT */
/*
 * A library of known functions and lines is attributed as a lens of our own says.
 *
 *     lenses LIBRARY
 */
#include <stdio.h>
#include <string.h>

#include "attribute/debug_file.h"
#include "attribute/debug_table.h"
#include "attribute/lens_rules.h"
#include "elf_marks.h"
#include "support/promise.h"

static const char text[] = "# of the library store.c\n"
                           "file libstore*.so\n"
                           "symbol fixture_take\n"
                           "code store/malloc.c:fixture_*   # the program's are none\n"
                           "code lens/store.c:nothing       # the unit, whatever its lines say\n"
                           "part-of-file\n"
                           "\n"
                           "step unknown\n"
                           "  mixed drifted\n"
                           "lines store/mixed.h:mixed@100\n"
                           "  102 counting\n"
                           "  103-104\tlock\n"
                           "lines mixed.h:mixed@99\n"
                           "  105 check\n"
                           "lines drifted.h:drifted@199\n"
                           "  202-203 check\n"
                           "step cache store/box.h:\n"
                           "step freelist\n"
                           "  follow\n"
                           "step header\n"
                           "  box.h:follow  program/*.h:  # the first is too late\n"
                           "step entry fixture_take";

static const struct {
    const char *mark, *step; /* NULL: not of the allocator */
    bool is_factor;
} expectations[] = {
    {"mark_take", "entry", false},          {"mark_box_before", "cache", true},
    {"mark_helper_in_box", "cache", true},  {"mark_link_in_box", "freelist", true},
    {"mark_box_after", "cache", true},      {"mark_mixed_first", "counting", false},
    {"mark_mixed_second", "lock", false},   {"mark_helper_at_line", "lock", false},
    {"mark_mixed_other", "unknown", false}, /* not "check": of another version */
    {"mark_drifted", "unknown", false},     {"mark_helper_in_drifted", "unknown", false},
    {"mark_other_file", "header", true},    {"mark_unspoken", "unknown", false},
    {"mark_program", NULL, false},          {"mark_program_inside", NULL, false},
};

static void expect_steps(const struct debug_table *table, const char *library)
{
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        const char *mark = expectations[i].mark, *step = expectations[i].step;
        uint64_t low, high;
        const struct attribution *found =
            debug_table_find(table, elf_symbol(library, mark, NULL), &low, &high);
        if (!promise(found, "%s: found", mark))
            continue;
        if (!step) {
            promise(found->domain == ATTRIBUTED_APPLICATION && !found->step &&
                        strcmp(found->source, "application") == 0,
                    "%s: the program's (is %s)", mark, found->source);
            continue;
        }
        promise(found->domain == ATTRIBUTED_ALLOCATOR && found->step &&
                    strcmp(found->step, step) == 0,
                "%s: %s (is %s)", mark, step, found->step ? found->step : found->source);
        promise(found->source == found->step && found->is_factor == expectations[i].is_factor,
                "%s: the step is its source", mark);
    }
}

int main(int argc, char **argv)
{
    static struct lens lens;
    static char copy[sizeof text];
    struct elf_file file;
    struct debug_table table;
    struct name_pool names = {0};
    char why[128] = "";
    if (argc != 2)
        return 2;
    memcpy(copy, text, sizeof text);
    promise(lens_parse(&lens, "store", copy, why, sizeof why), "the lens is read: %s", why);
    promise(elf_file_open(&file, argv[1]) == 0, "the library is opened");
    debug_table_read(&table, file.elf, (struct lens_choice){&lens, true, false}, &names);
    expect_steps(&table, argv[1]);
    debug_table_finish(&table);
    elf_file_close(&file);
    name_pool_finish(&names);
    return promises_end();
}
