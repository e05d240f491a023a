/* SPDX-License-Identifier: MIT */
/* Lines of /proc/PID/maps: as the kernel writes them (collect/process_maps), and as a program has
 * written them into a file of its own (collect/code_maps). The input is the text. */
#include "collect/code_maps.h"
#include "collect/process_maps.h"
#include "fuzz.h"
#include "world.h"

static bool take(void *context, const struct process_mapping *mapping)
{
    size_t *count = context;
    fuzz_check(mapping->start < mapping->end && strlen(mapping->path) < SIZE_MAX);
    return ++*count < 1000;
}

static void read_as_code(char *text, size_t bytes)
{
    struct code_mapping mapping;
    for (size_t place = 0; code_maps_next(text, bytes, &place, &mapping);) {
        fuzz_check(mapping.length && mapping.start + mapping.length <= CODE_ADDRESS_END);
        fuzz_check(mapping.path >= text && mapping.path + strlen(mapping.path) <= text + bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct fuzz_input input = {bytes, count};
    size_t mappings = 0;
    world_set_process_file("maps", bytes, count);
    process_maps_each(1, take, &mappings);
    world_clear();

    char *text = fuzz_text(&input);
    char *first = strdup(text); /* up to its first zero, as if it were longer */
    fuzz_check(first);
    read_as_code(first, count);
    read_as_code(text, count);
    free(first);
    free(text);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    fuzz_keep_text(keep, "usual",
                   "55d0c0000000-55d0c0001000 r--p 00000000 08:01 1234    /usr/bin/a program\n"
                   "55d0c0001000-55d0c0002000 r-xp 00001000 08:01 1234    /usr/bin/a program\n"
                   "7ffff0000000-7ffff0002000 r-xp 00000000 00:00 0       [vdso]\n"
                   "7ffff0004000-7ffff0006000 r-xp 00000000 00:00 0 \n"
                   "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n");
    fuzz_keep_text(keep, "line_feeds",
                   "1000-2000 r-xp 00000000 08:01 1    /a\\012b\\012\\012 (deleted)\n");
    fuzz_keep_text(keep, "no_end", "1000-2000 r-xp 0 0:0 0 /a");
    fuzz_keep_text(keep, "reversed", "2000-1000 r-xp 0 0:0 0 /a\n-\n 1-2\n1-2 r 3\n");
    keep("zeroes", "1000-2000 r-xp 0 0:0 0 /a\0b\n3000-4000 r-xp 0 0:0 0 /c\n", 50);
}
