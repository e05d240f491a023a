/* SPDX-License-Identifier: MIT */
/*
 * A file that is mapped as code, as the reader reads it: attribute/module, symbols, debug_file,
 * debug_table, scopes, lines, safe_name, description, source_note, call_line, inlined, code_bytes,
 * lens_choose, unwind_file.
 *
 *     how | the file
 *
 * libelf and libdw, which are not ours, do most of the reading. What breaks them breaks the reader
 * alone, which is another process (tests/attribute/broken.c, stopped_reader.c); here it would break
 * the harness.
 */
#include <unistd.h>

#include "attribute/call_line.h"
#include "attribute/inlined.h"
#include "attribute/code_bytes.h"
#include "attribute/module.h"
#include "attribute/unwind_file.h"
#include "fuzz.h"
#include "world.h"

enum {
    AS_ALLOCATOR = 1,
    OFFSETS_MOST = 64,
    FUNCTIONS_MOST = 64,
    CODE_AT = 4096, /* of the files of make_corpus.sh */
    CODE_STEP = 8,
};

/* Of broken files libelf and libdw leave memory behind. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libelf.so\nleak:libdw.so\n";
}

static void check_place(const struct module_place *place, uint64_t offset)
{
    fuzz_check(place->low <= offset && offset < place->high && place->attribution.source);
    fuzz_check(place->attribution.domain <= ATTRIBUTED_UNKNOWN);
}

static void ask_module(struct module *module, struct name_pool *names)
{
    struct module_place place;
    struct attributed_function function;
    uint64_t offset = 0;
    for (int i = 0; i < OFFSETS_MOST; i++) {
        module_find(module, offset, &place, names);
        check_place(&place, offset);
        if (place.high == UINT64_MAX)
            break;
        offset = place.high;
    }
    module_find(module, UINT64_MAX - 1, &place, names);
    for (size_t i = 0; i < module->symbols.count && i < FUNCTIONS_MOST; i++) {
        module_function(module, i, &function);
        fuzz_check(function.name && *function.name);
        fuzz_check(symbols_listed_name(&module->symbols, function.name));
    }
    symbols_listed_name(&module->symbols, "no such function");
}

static void ask_rule(const struct unwind_file *file, uint64_t offset)
{
    static struct unwind_rules rules;
    uint64_t low, high;
    bool found = unwind_file_rules(file, offset, &rules, &low, &high);
    fuzz_check(low <= offset && offset < high);
    fuzz_check(!found || unwind_rules_are_valid(&rules, unwind_rules_bytes(&rules)));
}

static void ask_rules(const char *path, int descriptor)
{
    struct unwind_file *file = unwind_file_read(path, descriptor);
    for (uint64_t i = 0; file && i < OFFSETS_MOST; i++) {
        ask_rule(file, CODE_AT + i);
        ask_rule(file, CODE_AT + i * 61);
    }
    if (file)
        ask_rule(file, UINT64_MAX - 1);
    unwind_file_destroy(file);
}

static void ask_for_bytes(const char *path, uint64_t offset)
{
    struct code_bytes code = {0};
    uint8_t some[16];
    fuzz_check(code_bytes_read(&code, path, offset, some, sizeof some) <= sizeof some);
    fuzz_check(code_bytes_read(&code, "/dev/zero", offset, some, sizeof some) == 0);
    fuzz_check(code_bytes_at(-1, offset, some, sizeof some) == 0);
    fuzz_check(code_bytes_of_vdso(offset, some, sizeof some) <= sizeof some);
    code_bytes_close(&code);
}

static void ask_for_frames(const char *path, struct name_pool *names)
{
    enum { MOST = 8 };
    struct inlined_frame frames[MOST];
    struct inlined_file *file = inlined_file_open(path);
    for (uint64_t i = 0; file && i < OFFSETS_MOST / CODE_STEP; i++)
        fuzz_check(inlined_find(file, CODE_AT + i * CODE_STEP, names, frames, MOST) <= MOST);
    inlined_file_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct name_pool names = {0};
    const char *line_file;
    int line, file;
    unsigned how = fuzz_take_byte(&input);
    file = world_file(input.at, input.left, 0);
    const char *path = world_path(file);
    struct module *module = module_create(path, how & AS_ALLOCATOR, how & 2 ? file : -1);
    fuzz_check(module);
    if (module_read(module, &names) == 0)
        ask_module(module, &names);
    module_destroy(module);
    for (uint64_t i = 0; i < OFFSETS_MOST / CODE_STEP; i++)
        call_line_find(path, CODE_AT + i * CODE_STEP, &names, &line_file, &line);
    ask_for_frames(path, &names);
    ask_for_bytes(path, input.left ? input.at[0] : 0);
    ask_for_bytes(path, UINT64_MAX);
    ask_rules(path, how & 2 ? file : -1);
    name_pool_finish(&names);
    close(file);
    return 0;
}

/* Files by compilers are made by make_corpus.sh. */
void fuzz_seeds(fuzz_keep *keep)
{
    keep("not_elf", "\1none", 5);
}
