/* SPDX-License-Identifier: MIT */
#include "callers_paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/growing.h"

/* Where malloc's own frames end, they end soon. */
enum { INNER_FRAMES_MAX = 32 };

bool callers_paths_start(struct callers_paths *paths, const char *helper)
{
    *paths = (struct callers_paths){.helper = helper};
    if (!growing_reserve(&paths->items, &paths->capacity, 0, sizeof *paths->items) ||
        !growing_reserve(&paths->next, &paths->next_capacity, 0, sizeof *paths->next))
        return false;
    paths->items[0] = (struct callers_path){.called = ""};
    paths->next[0] = 0;
    paths->count = 1;
    return true;
}

void callers_paths_finish(struct callers_paths *paths)
{
    free(paths->items);
    free(paths->next);
    name_pool_finish(&paths->names);
    *paths = (struct callers_paths){0};
}

uint64_t callers_of_call(const uint64_t *addresses, size_t at)
{
    return addresses[at] - (at > 0);
}

static bool is_in(struct attributor *attributor, pid_t pid, uint64_t address, const char *module)
{
    const char *path;
    uint64_t offset;
    return module && attributor_place(attributor, pid, address, &path, &offset) &&
           strcmp(path, module) == 0;
}

size_t callers_inner_frames(struct attributor *attributor, pid_t pid, const uint64_t *addresses,
                            size_t count)
{
    size_t inner = 0;
    while (inner < count &&
           attributor_resolve(attributor, pid, callers_of_call(addresses, inner))->domain ==
               ATTRIBUTED_ALLOCATOR)
        inner++;
    return inner;
}

/* The helper calls itself: operator new may call malloc. SIZE_MAX: it is not there. */
static size_t last_of_helper(const struct callers_paths *paths, struct attributor *attributor,
                             pid_t pid, const uint64_t *addresses, size_t count)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < count && i < INNER_FRAMES_MAX; i++) {
        if (is_in(attributor, pid, callers_of_call(addresses, i), paths->helper))
            last = i;
    }
    return last;
}

const char *callers_plain_name(const char *symbol)
{
    if (!symbol)
        return "";
    if (strncmp(symbol, "_Zn", 3) == 0)
        return "operator new";
    return strncmp(symbol, "_Zd", 3) == 0 ? "operator delete" : symbol;
}

const char *callers_paths_function(struct callers_paths *paths, struct attributor *attributor,
                                   pid_t pid, uint64_t address)
{
    enum { LONGEST = 2000 }; /* templates have such names */
    char text[LONGEST + 1];
    const char *path, *symbol = attributor_symbol(attributor, pid, address);
    uint64_t offset;
    if (symbol) {
        snprintf(text, sizeof text, "%s", symbol);
    } else if (attributor_place(attributor, pid, address, &path, &offset)) {
        const char *slash = strrchr(path, '/');
        snprintf(text, sizeof text, "%.200s+0x%" PRIx64, slash ? slash + 1 : path, offset);
    } else {
        return NULL;
    }
    return name_pool_copy(&paths->names, text);
}

static void add_frame(struct callers_path *path, const char *function)
{
    size_t count = path->frame_count;
    if (count && path->frames[count - 1].function == function)
        path->frames[count - 1].is_recursive = true;
    else if (count == CALLERS_FRAMES_MAX)
        path->is_longer = true;
    else
        path->frames[path->frame_count++] = (struct callers_frame){.function = function};
}

static bool is_called(struct attributor *attributor, pid_t pid, uint64_t address, const char *name)
{
    const char *symbol = attributor_symbol(attributor, pid, address - 1);
    return symbol && strcmp(symbol, name) == 0;
}

static bool is_of_libc(struct attributor *attributor, pid_t pid, uint64_t address)
{
    const char *path, *name;
    uint64_t offset;
    return attributor_place(attributor, pid, address - 1, &path, &offset) &&
           (name = strrchr(path, '/')) && strncmp(name, "/libc.so.", 9) == 0;
}

/* What every stack begins with tells nothing: how the C library starts a program, from a function
 * of the program's own, or a thread. Of `count` frames, how many are such; one is left in any case.
 */
size_t callers_outer_frames(struct attributor *attributor, pid_t pid, const uint64_t *addresses,
                            size_t count)
{
    size_t left = count;
    if (left >= 2 && is_called(attributor, pid, addresses[left - 2], "__libc_start_main"))
        left--;
    while (left >= 2 && is_of_libc(attributor, pid, addresses[left - 1]))
        left--;
    return count - left;
}

void callers_paths_cut(struct callers_paths *paths, struct attributor *attributor, pid_t pid,
                       const uint64_t *addresses, size_t count, struct callers_cut *cut)
{
    size_t last = last_of_helper(paths, attributor, pid, addresses, count);
    size_t first = last == SIZE_MAX ? 0 : last + 1;
    /* Not called through the helper: malloc_usable_size, a thread of the allocator's own, or an
     * allocator that is linked into the program. */
    if (last == SIZE_MAX)
        first = callers_inner_frames(attributor, pid, addresses, count);
    *cut = (struct callers_cut){.called = "", .first = first};
    if (first > 0)
        cut->called = name_pool_copy(&paths->names,
                                     callers_plain_name(attributor_symbol(
                                         attributor, pid, callers_of_call(addresses, first - 1))));
    const char *module;
    uint64_t offset;
    if (first >= count || !attributor_place(attributor, pid, addresses[first], &module, &offset))
        return;
    size_t outer = callers_outer_frames(attributor, pid, addresses + first, count - first);
    cut->count = count - first - outer;
    cut->is_whole = outer > 0;
}

static void describe(struct callers_paths *paths, struct attributor *attributor, pid_t pid,
                     const uint64_t *addresses, size_t count, struct callers_path *path)
{
    struct callers_cut cut;
    callers_paths_cut(paths, attributor, pid, addresses, count, &cut);
    *path = (struct callers_path){.called = cut.called};
    const char *module;
    if (cut.count == 0 ||
        !attributor_place(attributor, pid, addresses[cut.first], &module, &path->offset))
        return;
    path->module = name_pool_copy(&paths->names, module);
    for (size_t i = cut.first; i < cut.first + cut.count && !path->is_longer; i++) {
        const char *name =
            callers_paths_function(paths, attributor, pid, callers_of_call(addresses, i));
        if (!name)
            break;
        add_frame(path, name);
        if (strcmp(name, "main") == 0)
            break;
    }
}

/* Texts are pooled: the same text is the same pointer. */
static bool is_same(const struct callers_path *a, const struct callers_path *b)
{
    if (a->called != b->called || a->module != b->module || a->offset != b->offset ||
        a->frame_count != b->frame_count || a->is_longer != b->is_longer)
        return false;
    for (size_t i = 0; i < a->frame_count; i++) {
        if (a->frames[i].function != b->frames[i].function)
            return false;
    }
    return true;
}

static size_t bucket_of(const struct callers_path *path)
{
    uint64_t hash = (uintptr_t)path->called ^ path->offset << 20 ^ (uintptr_t)path->module;
    for (size_t i = 0; i < path->frame_count; i++)
        hash = (hash ^ (uintptr_t)path->frames[i].function) * 0x9e3779b97f4a7c15u;
    return hash >> 32 & (CALLERS_PATH_BUCKETS - 1);
}

size_t callers_paths_find(struct callers_paths *paths, struct attributor *attributor, pid_t pid,
                          const uint64_t *addresses, size_t count)
{
    struct callers_path path;
    describe(paths, attributor, pid, addresses, count, &path);
    if (!path.module || !path.called || path.frame_count == 0)
        return 0;
    size_t *bucket = &paths->buckets[bucket_of(&path)];
    for (size_t i = *bucket; i; i = paths->next[i]) {
        if (!is_same(&paths->items[i], &path))
            continue;
        for (size_t f = 0; f < path.frame_count; f++)
            paths->items[i].frames[f].is_recursive |= path.frames[f].is_recursive;
        return i;
    }
    size_t at = paths->count;
    if (at == CALLERS_PATHS_MAX ||
        !growing_reserve(&paths->items, &paths->capacity, at, sizeof *paths->items) ||
        !growing_reserve(&paths->next, &paths->next_capacity, at, sizeof *paths->next))
        return 0;
    paths->items[at] = path;
    paths->next[at] = *bucket;
    *bucket = at;
    return paths->count++;
}

void callers_paths_find_line(struct attributor *attributor, struct callers_path *path)
{
    const char *file;
    int line;
    if (!path->module || path->module[0] != '/' || path->source ||
        !attributor_call_line(attributor, path->module, path->offset - 1, &file, &line))
        return;
    path->source = file;
    path->line = line;
}

static bool is_family(const char *symbol)
{
    static const char *const names[] = {"malloc",   "calloc",        "realloc",        "free",
                                        "memalign", "aligned_alloc", "posix_memalign", "valloc",
                                        "pvalloc",  "cfree",         "reallocarray"};
    for (size_t i = 0; symbol && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(symbol, names[i]) == 0)
            return true;
    }
    return symbol && (strncmp(symbol, "_Zn", 3) == 0 || strncmp(symbol, "_Zd", 3) == 0);
}

bool callers_paths_is_malloc(const struct callers_paths *paths, struct attributor *attributor,
                             pid_t pid, const uint64_t *addresses, size_t count)
{
    const char *module;
    uint64_t offset;
    size_t at = 0;
    if (count == 0 || !attributor_place(attributor, pid, addresses[0], &module, &offset) ||
        is_in(attributor, pid, addresses[0], paths->helper))
        return false;
    while (at < count && at < INNER_FRAMES_MAX &&
           is_in(attributor, pid, callers_of_call(addresses, at), module))
        at++;
    return at > 0 && at < count &&
           is_in(attributor, pid, callers_of_call(addresses, at), paths->helper) &&
           is_family(attributor_symbol(attributor, pid, callers_of_call(addresses, at)));
}
