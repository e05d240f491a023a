/* SPDX-License-Identifier: MIT */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

/* Between modules that were moved: no debugger's idea of a page is bigger. */
#define GAP ((uint64_t)1 << 21)

/* Room for `more` items; false, and nothing is added from then on, when memory is out. */
static bool make_room(struct stacks *stacks, void *items, size_t *room, size_t count, size_t more,
                      size_t bytes)
{
    void **array = items;
    if (stacks->no_memory || more <= *room - count)
        return !stacks->no_memory;
    size_t wider = 2 * *room > count + more ? 2 * *room : count + more + 64;
    void *moved = reallocarray(*array, wider, bytes);
    stacks->no_memory = !moved;
    if (!moved)
        return false;
    *array = moved;
    *room = wider;
    return true;
}

static bool overlaps(const struct stacks *stacks, const struct stacks_module *module)
{
    for (size_t i = 0; i < stacks->module_count; i++) {
        const struct stacks_module *other = &stacks->modules[i];
        if (module->start < other->limit && other->start < module->limit)
            return true;
    }
    return false;
}

static uint64_t behind_all(const struct stacks *stacks)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < stacks->module_count; i++) {
        if (stacks->modules[i].limit > highest)
            highest = stacks->modules[i].limit;
    }
    return (highest + 2 * GAP) & ~(GAP - 1);
}

int stacks_add_module(struct stacks *stacks, const struct stacks_module *module)
{
    struct stacks_module added = *module;
    if (!make_room(stacks, &stacks->modules, &stacks->module_room, stacks->module_count, 1,
                   sizeof *stacks->modules))
        return STACKS_NO_MODULE;
    if (overlaps(stacks, &added)) {
        added.start = behind_all(stacks);
        added.limit = added.start + (module->limit - module->start);
    }
    stacks->modules[stacks->module_count] = added;
    return (int)stacks->module_count++;
}

size_t stacks_add_place(struct stacks *stacks, int module, uint64_t offset)
{
    if (!make_room(stacks, &stacks->places, &stacks->place_room, stacks->place_count, 1,
                   sizeof *stacks->places))
        return 0;
    struct stacks_place *place = &stacks->places[stacks->place_count];
    *place = (struct stacks_place){.module = module, .first_line = stacks->line_count};
    if (module != STACKS_NO_MODULE)
        place->address = stacks->modules[module].start + (offset - stacks->modules[module].offset);
    return stacks->place_count++;
}

void stacks_add_line(struct stacks *stacks, const struct stacks_line *line)
{
    if (!stacks->place_count || !make_room(stacks, &stacks->lines, &stacks->line_room,
                                           stacks->line_count, 1, sizeof *stacks->lines))
        return;
    stacks->lines[stacks->line_count++] = *line;
    stacks->places[stacks->place_count - 1].line_count++;
}

void stacks_add_path(struct stacks *stacks, const size_t *places, size_t count,
                     const int64_t *values)
{
    if (!make_room(stacks, &stacks->steps, &stacks->step_room, stacks->step_count, count,
                   sizeof *stacks->steps) ||
        !make_room(stacks, &stacks->paths, &stacks->path_room, stacks->path_count, 1,
                   sizeof *stacks->paths))
        return;
    struct stacks_path *path = &stacks->paths[stacks->path_count++];
    *path = (struct stacks_path){.first = stacks->step_count, .count = count};
    memcpy(path->values, values, stacks->type_count * sizeof *values);
    memcpy(stacks->steps + stacks->step_count, places, count * sizeof *places);
    stacks->step_count += count;
}

void stacks_finish(struct stacks *stacks)
{
    free(stacks->modules);
    free(stacks->places);
    free(stacks->lines);
    free(stacks->paths);
    free(stacks->steps);
    *stacks = (struct stacks){0};
}

int stacks_find_type(const struct stacks *stacks, const char *name)
{
    for (size_t i = 0; i < stacks->type_count; i++) {
        if (strcmp(stacks->types[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

void stacks_walk(const struct stacks *stacks, const struct stacks_path *path,
                 void (*visit)(void *context, const struct stacks_line *line), void *context)
{
    for (size_t i = path->count; i-- > 0;) {
        const struct stacks_place *place = &stacks->places[stacks->steps[path->first + i]];
        for (size_t k = place->line_count; k-- > 0;)
            visit(context, &stacks->lines[place->first_line + k]);
    }
}
