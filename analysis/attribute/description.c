/* SPDX-License-Identifier: MIT */
#include "description.h"

#include <string.h>

#include "source_name.h"

/* The innermost scope written in a factor's folder: what a level inlines from elsewhere (a division
 * by the block size, say) is that level's work. Without one, the innermost scope whose file is a
 * source; code inlined from system headers is its caller's. */
static const struct scope *scope_with_source(const struct scopes *scopes, size_t at)
{
    char name[256];
    bool is_factor;
    const struct scope *innermost = NULL;
    for (int i = (int)at; i != SCOPE_NONE; i = scopes->items[i].parent) {
        if (!source_name_of(scopes->items[i].file, name, sizeof name, &is_factor))
            continue;
        if (is_factor)
            return &scopes->items[i];
        if (!innermost)
            innermost = &scopes->items[i];
    }
    return innermost;
}

/* Compilers write one file's path in several ways ("./a.c", "../src/a.c"): the last part decides.
 */
static bool same_file(const char *a, const char *b)
{
    if (a == b)
        return true;
    return a && b && strcmp(basename(a), basename(b)) == 0;
}

static struct lens_scope as_lens_sees(const struct scope *scope, int line)
{
    return (struct lens_scope){scope->function, scope->file, scope->declared, line};
}

/* From the innermost function outwards, the first that the lens speaks of. False where the code is
 * not the allocator's. */
static bool find_step(const struct scopes *scopes, size_t scope_at, const struct line_row *row,
                      const struct lens_choice *lens, enum lens_step *found)
{
    enum lens_step step = LENS_NO_STEP;
    struct lens_scope outermost = {.file = row ? row->file : NULL};
    /* Code of which no function is told, as of one that the compiler has folded with its equal. */
    if (scope_at == SIZE_MAX)
        step = lens_step_of(lens->lens, &outermost);
    for (int i = scope_at == SIZE_MAX ? SCOPE_NONE : (int)scope_at, inner = SCOPE_NONE;
         i != SCOPE_NONE; inner = i, i = scopes->items[i].parent) {
        const struct scope *scope = &scopes->items[i];
        bool has_row = inner == SCOPE_NONE && row && same_file(row->file, scope->file);
        int line = inner != SCOPE_NONE ? scopes->items[inner].called : has_row ? row->line : 0;
        outermost = as_lens_sees(scope, line);
        if (step == LENS_NO_STEP)
            step = lens_step_of(lens->lens, &outermost);
    }
    *found = step == LENS_NO_STEP ? LENS_UNKNOWN : step;
    return !lens->is_part || lens_is_code(lens->lens, &outermost);
}

static void name_source(struct attribution *result, struct name_pool *names)
{
    char name[256];
    bool is_factor;
    if (source_name_of(result->file, name, sizeof name, &is_factor)) {
        const char *pooled = name_pool_copy(names, name);
        result->source = pooled ? pooled : "allocator";
        result->is_factor = pooled && is_factor;
    }
}

/* A step takes the source's place, but where sources are finer than steps. */
static void take_step(struct attribution *result, enum lens_step step)
{
    result->step = result->source = lens_step_names[step];
    result->is_factor = lens_step_is_factor(step);
}

void describe_step(struct attribution *result, const struct lens *lens)
{
    const struct lens_scope file = {.function = result->function, .file = result->file};
    enum lens_step step = lens_step_of(lens, &file);
    result->step = lens_step_names[step == LENS_NO_STEP ? LENS_UNKNOWN : step];
}

struct attribution describe_symbol(const struct lens_choice *lens, const char *function)
{
    struct attribution result = {
        .domain = ATTRIBUTED_ALLOCATOR, .source = "allocator", .function = function};
    const struct lens_scope scope = {.function = function};
    if (!lens->lens || lens_keeps_sources(lens->lens))
        return result;
    if (lens->is_untold || (lens->is_part && !lens_is_code(lens->lens, &scope)))
        return (struct attribution){
            .domain = ATTRIBUTED_APPLICATION, .source = "application", .function = function};
    enum lens_step step = lens_step_of(lens->lens, &scope);
    take_step(&result, step == LENS_NO_STEP ? LENS_UNKNOWN : step);
    return result;
}

struct attribution describe_code(const struct description *of, size_t scope_at,
                                 const struct line_row *row)
{
    const struct scopes *scopes = of->scopes;
    struct attribution result = {.domain = ATTRIBUTED_ALLOCATOR, .source = "allocator"};
    const struct scope *scope = scope_at == SIZE_MAX ? NULL : scope_with_source(scopes, scope_at);
    if (scope) {
        result.function = scope->function;
        result.file = scope->file;
    } else if (scope_at != SIZE_MAX) {
        result.function = scopes->items[scope_at].function;
    }
    if (row && !result.file)
        result.file = row->file;
    if (row && same_file(row->file, result.file))
        result.line = row->line;
    if (row && row->line) {
        result.row_file = row->file;
        result.row_folder = row->folder;
        result.row_line = row->line;
    }

    enum lens_step step;
    name_source(&result, of->names);
    if (!of->lens->lens)
        return result;
    if (!find_step(scopes, scope_at, row, of->lens, &step)) {
        result.domain = ATTRIBUTED_APPLICATION;
        result.source = "application";
        result.is_factor = false;
    } else if (lens_keeps_sources(of->lens->lens)) {
        describe_step(&result, of->lens->lens);
    } else {
        take_step(&result, step);
    }
    return result;
}
