/* SPDX-License-Identifier: MIT */
#include "heap_paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/growing.h"
#include "callers_paths.h"

enum { LINES_MOST = 16 };

bool heap_paths_start(struct heap_paths *paths)
{
    memset(paths, 0, sizeof *paths);
    if (!growing_reserve(&paths->paths, &paths->path_capacity, 0, sizeof *paths->paths) ||
        !growing_reserve(&paths->by_stack.next, &paths->by_stack.capacity, 0, sizeof(uint32_t)))
        return false;
    paths->paths[0] = (struct heap_path){.called = ""};
    paths->path_count = 1;
    return true;
}

void heap_paths_finish(struct heap_paths *paths)
{
    for (size_t i = 0; i < paths->path_count; i++)
        free((void *)(uintptr_t)paths->paths[i].frames);
    for (size_t i = 0; i < paths->frame_count; i++)
        free((void *)(uintptr_t)paths->frames[i].lines);
    free(paths->paths);
    free(paths->frames);
    free(paths->symbols);
    free(paths->by_place.next);
    free(paths->by_stack.next);
    name_pool_finish(&paths->names);
    memset(paths, 0, sizeof *paths);
}

static const char *symbol_of(struct heap_paths *paths, struct attributor *attributor, pid_t pid,
                             uint64_t address, const char *module, uint64_t offset)
{
    enum { LONGEST = 2000 }; /* templates have such names */
    char text[LONGEST + 1];
    const char *symbol = attributor_symbol(attributor, pid, address);
    const char *slash = strrchr(module, '/');
    if (symbol)
        snprintf(text, sizeof text, "%s", symbol);
    else
        snprintf(text, sizeof text, "%.200s+0x%" PRIx64, slash ? slash + 1 : module, offset);
    return name_pool_copy(&paths->names, text);
}

static uint32_t *bucket_of(struct heap_index *index, uint64_t hash)
{
    return &index->buckets[hash * 0x9e3779b97f4a7c15u >> 32 & (HEAP_BUCKETS - 1)];
}

static bool add_frame(struct heap_paths *paths, const struct heap_frame *frame, const char *symbol,
                      uint32_t *bucket)
{
    size_t at = paths->frame_count;
    if (!symbol || at == HEAP_PLACES_MAX ||
        !growing_reserve(&paths->frames, &paths->frame_capacity, at, sizeof *paths->frames) ||
        !growing_reserve(&paths->symbols, &paths->symbol_capacity, at, sizeof *paths->symbols) ||
        !growing_reserve(&paths->by_place.next, &paths->by_place.capacity, at, sizeof(uint32_t)))
        return false;
    paths->frames[at] = *frame;
    paths->symbols[at] = (struct heap_line){.function = symbol};
    paths->by_place.next[at] = *bucket;
    *bucket = (uint32_t)++paths->frame_count;
    return true;
}

/* The frame of a byte of code; false: it is in no file, or there is no room. */
static bool frame_at(struct heap_paths *paths, struct attributor *attributor, pid_t pid,
                     uint64_t address, uint32_t *frame)
{
    struct heap_frame place = {.line_count = 1};
    const char *path;
    if (!attributor_place(attributor, pid, address, &path, &place.offset))
        return false;
    place.module = name_pool_copy(&paths->names, path);
    uint32_t *bucket = bucket_of(&paths->by_place, (uintptr_t)place.module ^ place.offset << 16);
    for (uint32_t i = *bucket; i; i = paths->by_place.next[i - 1]) {
        const struct heap_frame *known = &paths->frames[i - 1];
        *frame = i - 1;
        if (known->module == place.module && known->offset == place.offset)
            return true;
    }
    if (!place.module ||
        !add_frame(paths, &place,
                   symbol_of(paths, attributor, pid, address, place.module, place.offset), bucket))
        return false;
    *frame = (uint32_t)paths->frame_count - 1;
    return true;
}

static bool is_same(const struct heap_path *path, const char *called, const uint32_t *frames,
                    size_t count, bool is_longer)
{
    return path->called == called && path->frame_count == count && path->is_longer == is_longer &&
           memcmp(path->frames, frames, count * sizeof *frames) == 0;
}

static size_t intern(struct heap_paths *paths, const char *called, const uint32_t *frames,
                     size_t count, bool is_longer)
{
    uint64_t hash = (uintptr_t)called;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ frames[i]) * 0x9e3779b97f4a7c15u;
    uint32_t *bucket = bucket_of(&paths->by_stack, hash);
    for (uint32_t i = *bucket; i; i = paths->by_stack.next[i]) {
        if (is_same(&paths->paths[i], called, frames, count, is_longer))
            return i;
    }
    size_t at = paths->path_count;
    uint32_t *copy = at < HEAP_PATHS_MAX ? malloc(count * sizeof *copy) : NULL;
    if (!copy || !growing_reserve(&paths->paths, &paths->path_capacity, at, sizeof *paths->paths) ||
        !growing_reserve(&paths->by_stack.next, &paths->by_stack.capacity, at, sizeof(uint32_t))) {
        free(copy);
        return 0;
    }
    memcpy(copy, frames, count * sizeof *copy);
    paths->paths[at] = (struct heap_path){
        .called = called, .frames = copy, .frame_count = count, .is_longer = is_longer};
    paths->by_stack.next[at] = *bucket;
    *bucket = (uint32_t)at;
    return paths->path_count++;
}

/* libhakmem's public functions jump to those that do the work: these return to the program. */
static const char *called_name(const char *symbol)
{
    static const char *const names[][2] = {{"hak_slow_malloc", "malloc"},
                                           {"hak_calloc", "calloc"},
                                           {"hak_realloc", "realloc"},
                                           {"hak_aligned_malloc", "aligned_alloc"},
                                           {"aligned_slowly", "aligned_alloc"}};
    const char *name = callers_plain_name(symbol);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i][0]) == 0)
            return names[i][1];
    }
    return strncmp(name, "hak_", 4) == 0 ? "" : name;
}

size_t heap_paths_find(struct heap_paths *paths, struct attributor *attributor, pid_t pid,
                       const uint64_t *addresses, size_t count)
{
    uint32_t frames[HEAP_FRAMES_MAX];
    size_t first = callers_inner_frames(attributor, pid, addresses, count), used = 0;
    const char *called = "";
    if (first > 0)
        called =
            called_name(attributor_symbol(attributor, pid, callers_of_call(addresses, first - 1)));
    if (first >= count)
        return 0;
    size_t outer = callers_outer_frames(attributor, pid, addresses + first, count - first);
    bool is_longer = outer == 0;
    count -= outer;
    while (
        first + used < count && used < HEAP_FRAMES_MAX &&
        frame_at(paths, attributor, pid, callers_of_call(addresses, first + used), &frames[used]))
        used++;
    called = name_pool_copy(&paths->names, called);
    if (used == 0 || !called)
        return 0;
    return intern(paths, called, frames, used, is_longer || first + used < count);
}

void heap_paths_find_lines(struct heap_paths *paths, struct attributor *attributor, uint32_t frame)
{
    struct attributed_call calls[LINES_MOST];
    struct heap_frame *at = &paths->frames[frame];
    if (at->lines || !at->module || at->module[0] != '/')
        return;
    size_t count = attributor_call_chain(attributor, at->module, at->offset, calls, LINES_MOST);
    struct heap_line *lines = count > 0 ? calloc(count, sizeof *lines) : NULL;
    for (size_t i = 0; lines && i < count; i++)
        lines[i] = (struct heap_line){calls[i].function, calls[i].file, calls[i].line};
    if (!lines)
        return;
    at->lines = lines;
    at->line_count = count;
}
