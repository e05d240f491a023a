/* SPDX-License-Identifier: MIT */
#include "heap_stacks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TYPES = 2 * HEAP_WHENS };

static const struct stacks_type types[TYPES] = {
    {"alloc_objects", "count"}, {"alloc_space", "bytes"},  {"inuse_objects", "count"},
    {"inuse_space", "bytes"},   {"peak_objects", "count"}, {"peak_space", "bytes"},
};
static const enum heap_when order[HEAP_WHENS] = {HEAP_ALLOCATED, HEAP_AT_EXIT, HEAP_AT_PEAK};
enum { ALLOC_SPACE = 1, PEAK_SPACE = 5 };

const char *const heap_stacks_values[] = {
    "alloc_objects", "alloc_space", "inuse_objects", "inuse_space", "peak_objects",
    "peak_space",    NULL};

/* The report knows places in files alone: each file lies by itself, as a whole. */
#define ROOM ((uint64_t)1 << 21)

struct filling {
    struct stacks *to;
    const struct heap_report *from;
    heap_stacks_build_id *build_id;
    void *context;
    uint64_t next; /* address */
    size_t unknown, more;
};

static uint64_t end_of(const struct heap_report *report, const char *module)
{
    uint64_t end = 1;
    for (size_t i = 0; i < report->frame_count; i++) {
        const struct heap_frame *frame = &report->frames[i];
        if (frame->module && strcmp(frame->module, module) == 0 && frame->offset >= end)
            end = frame->offset + 1;
    }
    return end;
}

static int module_of(struct filling *filling, const char *path)
{
    struct stacks *to = filling->to;
    for (size_t i = 0; i < to->module_count; i++) {
        if (strcmp(to->modules[i].path, path) == 0)
            return (int)i;
    }
    uint64_t bytes = (end_of(filling->from, path) + ROOM - 1) & ~(ROOM - 1);
    const struct stacks_module module = {.path = path,
                                         .build_id = filling->build_id(filling->context, path),
                                         .start = filling->next,
                                         .limit = filling->next + bytes};
    filling->next = module.limit + ROOM;
    return stacks_add_module(to, &module);
}

/* Places have the numbers of the report's frames. */
static void add_places(struct filling *filling)
{
    for (size_t i = 0; i < filling->from->frame_count && !filling->to->no_memory; i++) {
        const struct heap_frame *frame = &filling->from->frames[i];
        int module = frame->module ? module_of(filling, frame->module) : STACKS_NO_MODULE;
        stacks_add_place(filling->to, module, frame->offset);
        for (size_t k = 0; k < frame->line_count; k++) {
            const struct heap_line *line = &frame->lines[k];
            stacks_add_line(filling->to,
                            &(struct stacks_line){line->function, line->file, line->line});
        }
    }
}

static size_t add_named(struct stacks *stacks, const char *name)
{
    size_t place = stacks_add_place(stacks, STACKS_NO_MODULE, 0);
    stacks_add_line(stacks, &(struct stacks_line){.function = name});
    return place;
}

/* "malloc" and its like stand behind the frames, each once. */
static size_t place_of_called(struct filling *filling, const char *called)
{
    const struct stacks *to = filling->to;
    for (size_t i = filling->more + 1; i < to->place_count; i++) {
        if (strcmp(to->lines[to->places[i].first_line].function, called) == 0)
            return i;
    }
    return add_named(filling->to, called);
}

static void add_path(struct filling *filling, const struct heap_path *path)
{
    size_t places[HEAP_FRAMES_MAX + 2], count = 0;
    int64_t values[TYPES];
    if (path->when[HEAP_ALLOCATED].samples == 0)
        return;
    for (size_t i = 0; i < HEAP_WHENS; i++) {
        const struct heap_figures *figures = &path->when[order[i]];
        values[2 * i] = figures->samples ? llround(figures->blocks.value) : 0;
        values[2 * i + 1] = figures->samples ? llround(figures->bytes.value) : 0;
    }
    if (path->called[0])
        places[count++] = place_of_called(filling, path->called);
    for (size_t i = 0; i < path->frame_count && i < HEAP_FRAMES_MAX; i++)
        places[count++] = path->frames[i];
    if (path->frame_count == 0)
        places[count++] = filling->unknown;
    else if (path->is_longer)
        places[count++] = filling->more;
    if (!filling->to->no_memory)
        stacks_add_path(filling->to, places, count, values);
}

bool heap_stacks_fill(struct stacks *stacks, const struct heap_report *report,
                      heap_stacks_build_id *build_id, void *context)
{
    struct filling filling = {
        .to = stacks, .from = report, .build_id = build_id, .context = context, .next = ROOM};
    stacks->types = types;
    stacks->type_count = TYPES;
    stacks->shown = PEAK_SPACE;
    stacks->period_type = ALLOC_SPACE;
    stacks->period = (int64_t)report->interval;
    add_places(&filling);
    filling.unknown = add_named(stacks, "[unknown caller]");
    filling.more = add_named(stacks, "[more callers]");
    for (size_t i = 0; i < report->path_count; i++)
        add_path(&filling, &report->paths[i]);
    return !stacks->no_memory;
}
