/* SPDX-License-Identifier: MIT */
#include "count_paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these, paths are put together, one of each kind. */
enum { LABELS_MAX = 1024, OWN_PATHS = COUNT_PATHS_MAX - COUNT_KINDS };

/* The first labels that were met, in this order. */
struct label_list {
    uint16_t labels[COUNT_PATH_LABELS];
    uint16_t count;
    bool has_more;
};

struct known_path {
    enum count_kind kind;
    struct label_list list;
    uint64_t calls;
    struct count_effects effects;
    uint64_t bytes_least, bytes_most;
    struct count_chains chains;
};

struct counted_call {
    uint32_t group, instructions; /* group: its path, and in the end its kind */
};

struct count_paths {
    bool by_function;
    char labels[LABELS_MAX][64];
    size_t label_count;
    struct label_list named, others; /* of the call at hand: what names a path, and what does where
                                        nothing else does */
    struct known_path known[COUNT_PATHS_MAX]; /* from OWN_PATHS on: each kind's others */
    size_t known_count;
    struct counted_call *calls;
    size_t call_count;
};

struct count_paths *count_paths_create(bool by_function, uint64_t calls)
{
    struct count_paths *paths = calloc(1, sizeof *paths);
    if (!paths)
        return NULL;
    paths->by_function = by_function;
    paths->calls = calloc(calls + 1, sizeof *paths->calls);
    if (paths->calls)
        return paths;
    free(paths);
    return NULL;
}

void count_paths_destroy(struct count_paths *paths)
{
    free(paths->calls);
    free(paths);
}

/* The last label stands for all that have no place. */
static uint16_t find_or_add_label(struct count_paths *paths, const char *name)
{
    size_t at = 0, bytes = sizeof paths->labels[0];
    while (at < paths->label_count && strncmp(paths->labels[at], name, bytes - 1) != 0)
        at++;
    if (at == LABELS_MAX)
        return LABELS_MAX - 1;
    if (at == paths->label_count) {
        paths->label_count++;
        snprintf(paths->labels[at], bytes, "%s", at == LABELS_MAX - 1 ? "others" : name);
    }
    return (uint16_t)at;
}

static void add_label(struct label_list *list, uint16_t label)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->labels[i] == label)
            return;
    }
    if (list->count == COUNT_PATH_LABELS)
        list->has_more = true;
    else
        list->labels[list->count++] = label;
}

void count_paths_begin(struct count_paths *paths)
{
    paths->named = paths->others = (struct label_list){0};
}

void count_paths_pass(struct count_paths *paths, const struct count_place *place)
{
    bool names = place->group == COUNT_ALLOCATOR;
    const char *name = names && paths->by_function && place->symbol ? place->symbol : place->name;
    struct label_list *list = names ? &paths->named : &paths->others;
    if (place->is_aside || list->has_more)
        return;
    add_label(list, find_or_add_label(paths, name));
}

static bool is_same(const struct label_list *a, const struct label_list *b)
{
    return a->count == b->count && a->has_more == b->has_more &&
           memcmp(a->labels, b->labels, a->count * sizeof *a->labels) == 0;
}

static size_t find_or_add_path(struct count_paths *paths, enum count_kind kind)
{
    const struct label_list *list = paths->named.count ? &paths->named : &paths->others;
    size_t at = 0;
    while (at < paths->known_count &&
           (paths->known[at].kind != kind || !is_same(&paths->known[at].list, list)))
        at++;
    if (at == OWN_PATHS)
        at += kind;
    else if (at == paths->known_count)
        paths->known_count++;
    else
        return at;
    struct known_path *path = &paths->known[at];
    if (!path->calls)
        *path = (struct known_path){
            .kind = kind, .list = *list, .bytes_least = UINT64_MAX, .chains.least = UINT64_MAX};
    return at;
}

void count_paths_end(struct count_paths *paths, enum count_kind kind,
                     const struct count_effects *effects, uint64_t bytes, uint64_t chain)
{
    size_t at = find_or_add_path(paths, kind);
    struct known_path *path = &paths->known[at];
    path->calls++;
    count_effects_add(&path->effects, effects);
    path->bytes_least = bytes < path->bytes_least ? bytes : path->bytes_least;
    path->bytes_most = bytes > path->bytes_most ? bytes : path->bytes_most;
    path->chains.least = chain < path->chains.least ? chain : path->chains.least;
    path->chains.most = chain > path->chains.most ? chain : path->chains.most;
    paths->calls[paths->call_count++] =
        (struct counted_call){(uint32_t)at, (uint32_t)effects->instructions};
}

static int by_group(const void *a, const void *b)
{
    const struct counted_call *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->instructions < y->instructions ? -1 : x->instructions > y->instructions;
}

/* Sorted, and of each group's calls one after another. */
struct sorted_calls {
    uint32_t *instructions;
    size_t at;
};

static void sort_calls(struct count_paths *paths, struct sorted_calls *sorted)
{
    qsort(paths->calls, paths->call_count, sizeof *paths->calls, by_group);
    for (size_t i = 0; i < paths->call_count; i++)
        sorted->instructions[i] = paths->calls[i].instructions;
    sorted->at = 0;
}

static struct count_spread next_spread(struct sorted_calls *sorted, uint64_t calls)
{
    const uint32_t *first = sorted->instructions + sorted->at;
    sorted->at += calls;
    return count_spread_of(first, calls);
}

static void name_path(const struct count_paths *paths, const struct known_path *known,
                      struct count_path *path)
{
    const struct label_list *list = &known->list;
    size_t used = 0, room = sizeof path->name;
    if (known >= paths->known + OWN_PATHS) {
        snprintf(path->name, room, "other paths");
        return;
    }
    if (!list->count)
        snprintf(path->name, room, "%s", count_fast_path);
    for (size_t i = 0; i < list->count; i++)
        used += (size_t)snprintf(path->name + used, room - used, "%s%s", i ? ", " : "",
                                 paths->labels[list->labels[i]]);
    if (list->has_more)
        snprintf(path->name + used, room - used, ", ...");
}

static void fill(const struct count_paths *paths, const struct known_path *known,
                 struct sorted_calls *sorted, struct count_path *path)
{
    *path = (struct count_path){
        .kind = known->kind,
        .calls = known->calls,
        .effects = known->effects,
        .spread = next_spread(sorted, known->calls),
        .bytes_least = known->bytes_least,
        .bytes_most = known->bytes_most,
        .chains = known->chains,
    };
    name_path(paths, known, path);
}

static int by_kind_and_calls(const void *a, const void *b)
{
    const struct count_path *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->calls != y->calls)
        return x->calls > y->calls ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void fill_paths(struct count_paths *paths, struct sorted_calls *sorted,
                       struct count_report *report)
{
    sort_calls(paths, sorted);
    for (size_t i = 0; i < COUNT_PATHS_MAX; i++) {
        const struct known_path *known = &paths->known[i];
        if (known->calls)
            fill(paths, known, sorted, &report->paths[report->path_count++]);
    }
    qsort(report->paths, report->path_count, sizeof *report->paths, by_kind_and_calls);
}

static void fill_kinds(struct count_paths *paths, struct sorted_calls *sorted,
                       struct count_report *report)
{
    for (size_t i = 0; i < paths->call_count; i++)
        paths->calls[i].group = paths->known[paths->calls[i].group].kind;
    sort_calls(paths, sorted);
    for (int kind = 0; kind < COUNT_KINDS; kind++)
        report->spreads[kind] = next_spread(sorted, report->kind_calls[kind]);
}

bool count_paths_fill(struct count_paths *paths, struct count_report *report)
{
    struct sorted_calls sorted = {.instructions =
                                      calloc(paths->call_count + 1, sizeof *sorted.instructions)};
    if (!sorted.instructions)
        return false;
    fill_paths(paths, &sorted, report);
    fill_kinds(paths, &sorted, report);
    free(sorted.instructions);
    return true;
}
