/* SPDX-License-Identifier: MIT */
/*
 * A lens, and the names that files bring along compared with its patterns: attribute/lens_parse,
 * lens, source_name.
 *
 *     name of a function | name of a file | the lens
 */
#include "attribute/lens_rules.h"
#include "attribute/source_name.h"
#include "fuzz.h"

static char *take_name(struct fuzz_input *input)
{
    size_t bytes;
    const uint8_t *part = fuzz_take_part(input, &bytes);
    const struct fuzz_input name = {part, bytes};
    return fuzz_text(&name);
}

static void ask(const struct lens *lens, const char *function, const char *file)
{
    static const int lines[] = {0, 1, 3305};
    char name[32];
    bool is_factor;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct lens_scope both = {function, file, 3284, lines[i]};
        const struct lens_scope alone = {function, NULL, 0, lines[i]};
        const struct lens_scope of_file = {NULL, file, 0, lines[i]};
        fuzz_check(lens_step_of(lens, &both) <= LENS_NO_STEP);
        fuzz_check(lens_step_of(lens, &alone) <= LENS_NO_STEP);
        fuzz_check(lens_step_of(lens, &of_file) <= LENS_NO_STEP);
        lens_is_code(lens, &both);
    }
    lens_is_unit(lens, file);
    lens_keeps_sources(lens);
    lens_debug_package(lens);
    if (source_name_of(file, name, sizeof name, &is_factor))
        fuzz_check(*name && strlen(name) < sizeof name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    static struct lens lens;
    char why[128] = "", *function = take_name(&input), *file = take_name(&input);
    char *text = fuzz_text(&input);
    if (lens_parse(&lens, "input", text, why, sizeof why)) {
        ask(&lens, function, file);
        fuzz_check(lens.rule_count <= LENS_RULES_MAX && lens.line_count <= LENS_LINES_MAX);
    } else {
        fuzz_check(strncmp(why, "line ", 5) == 0 && !strchr(why, '\n'));
    }
    free(text);
    free(file);
    free(function);
    return 0;
}

static void keep_lens(fuzz_keep *keep, const char *name, const char *text)
{
    static struct fuzz_output output;
    static const char function[] = "_int_malloc", file[] = "/build/src/factors/cache/magazine.h";
    output.count = 0;
    fuzz_put_part(&output, function, sizeof function - 1);
    fuzz_put_part(&output, file, sizeof file - 1);
    fuzz_put(&output, text, strlen(text));
    keep(name, output.bytes, output.count);
}

void fuzz_seeds(fuzz_keep *keep)
{
    keep_lens(
        keep, "whole",
        "# a comment\nfile libnew*.so* libc.so.6\nsymbol new_malloc\nunit malloc.c\n"
        "part-of-file\nkeep-sources\ndebug-package libnew-dbg\n"
        "code malloc.c:* _int_*\nstep header *.h:*\nstep cache\n  cache/magazine.h: _int_mall?c\n"
        "lines malloc.c:_int_malloc@3284\n3301-3309 classify\n3320 freelist\nstep unknown x*\n");
    keep_lens(keep, "lines", "lines _int_malloc@3284\n3301-3309 classify\n");
    keep_lens(keep, "stars", "step cache *a*b*c*d*e*f*g*h*i*: **************t?c\n");
    keep_lens(keep, "no_step", "malloc\n");
    keep_lens(keep, "no_such_step", "step nothing\n");
    keep_lens(keep, "no_lines", "lines x@0\n");
    keep_lens(keep, "reversed", "lines x@1\n9-3 cache\n");
    keep_lens(keep, "no_at", "lines x\n");
    keep_lens(keep, "behind", "lines x@1\n3 cache more\n");
    keep_lens(keep, "no_package", "debug-package\n");
    char many[4096] = "file";
    for (size_t i = 0; i < 70; i++)
        strcat(many, " a");
    keep_lens(keep, "too_many_files", many);
    strcpy(many, "step cache");
    for (size_t i = 0; i < 520; i++)
        strcat(many, " a");
    keep_lens(keep, "too_many_rules", many);
    strcpy(many, "code");
    for (size_t i = 0; i < 130; i++)
        strcat(many, " a");
    keep_lens(keep, "too_many_code", many);
    strcpy(many, "lines a@1\n");
    for (size_t i = 0; i < 514; i++)
        strcat(many, "1 lock\n");
    keep_lens(keep, "too_many_lines", many);
}
