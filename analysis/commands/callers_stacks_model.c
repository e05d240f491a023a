/* SPDX-License-Identifier: MIT */
#include "callers_stacks_model.h"

#include <math.h>
#include <stdlib.h>

#include "callers_stacks.h"
#include "collect/clock.h"
#include "compare_progress.h"

/* Debug information of what a program has mapped may be gigabytes. */
#define LOOK_UP_S 20.0

enum { FRAMES_MOST = 32 }; /* of one place */

static const struct stacks_type types[] = {
    {"samples", "count"},     {"time", "nanoseconds"},    {"alloc_objects", "count"},
    {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {"inuse_space", "bytes"},
};
enum { SAMPLES, TIME, ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE, TYPES };

struct building {
    struct callers_run *run;
    struct callers_report *report;
    const struct callers_stacks *from;
    struct stacks *to;
    size_t *places; /* of the places that `from` has */
    size_t unknown, cut;
    struct name_pool called; /* value: the place's index + 1 */
    double second_ns;        /* of processor time, of a unit of a stack's time */
    bool no_memory;
};

static void add_modules(struct building *building)
{
    struct attributor *attributor = building->run->files.attributor;
    for (size_t i = 0; i < building->from->mapping_count; i++) {
        const struct attributed_mapping *mapping = &building->from->mappings[i];
        const struct stacks_module module = {
            .path = mapping->path,
            .build_id = attributor_build_id(attributor, mapping->path),
            .start = mapping->start,
            .limit = mapping->end,
            .offset = mapping->offset,
        };
        stacks_add_module(building->to, &module);
    }
}

/* The outermost has the name that the report gives it. */
static void add_lines(struct building *building, const struct callers_place *place, bool looks)
{
    struct attributed_call frames[FRAMES_MOST];
    size_t count = looks ? attributor_call_chain(building->run->files.attributor, place->path,
                                                 place->offset, frames, FRAMES_MOST)
                         : 0;
    if (count == 0)
        stacks_add_line(building->to, &(struct stacks_line){.function = place->function});
    for (size_t i = 0; i < count; i++) {
        bool is_outermost = i + 1 == count;
        stacks_add_line(building->to,
                        &(struct stacks_line){is_outermost ? place->function : frames[i].function,
                                              frames[i].file, frames[i].line});
    }
}

static void add_places(struct building *building)
{
    struct compare_progress progress;
    const struct callers_stacks *from = building->from;
    double start = clock_seconds();
    size_t left_out = 0;
    compare_progress_start(&progress, from->place_count + 1);
    progress.unit = "places in code";
    for (size_t i = 0; i < from->place_count; i++) {
        const struct callers_place *place = &from->places[i];
        bool looks = clock_seconds() - start < LOOK_UP_S;
        building->places[i] = stacks_add_place(building->to, (int)place->mapping, place->offset);
        add_lines(building, place, looks);
        left_out += !looks;
        progress.done = i + 1;
        compare_progress_show(&progress);
    }
    compare_progress_clear(&progress);
    if (left_out)
        callers_note(building->report,
                     "of %zu places in code, lines and inlined functions were not looked up: "
                     "the others took %.0f s",
                     left_out, LOOK_UP_S);
}

static size_t add_named(struct building *building, const char *name)
{
    size_t place = stacks_add_place(building->to, STACKS_NO_MODULE, 0);
    stacks_add_line(building->to, &(struct stacks_line){.function = name});
    return place;
}

static size_t place_of_called(struct building *building, const char *called)
{
    struct pooled_name *name = name_pool_entry(&building->called, called);
    building->no_memory |= !name;
    if (name && !name->value)
        name->value = (void *)(uintptr_t)(add_named(building, called) + 1);
    return name ? (size_t)(uintptr_t)name->value - 1 : 0;
}

static void add_stack(struct building *building, const struct callers_stack *stack)
{
    size_t places[CALLERS_STACK_FRAMES_SHOWN + 2], count = 0;
    if (stack->samples == 0 && !(stack->calls > 0))
        return;
    if (stack->called[0])
        places[count++] = place_of_called(building, stack->called);
    for (size_t i = 0; i < stack->count; i++)
        places[count++] = building->places[building->from->steps[stack->first + i]];
    if (stack->count == 0)
        places[count++] = building->unknown;
    else if (!stack->is_whole)
        places[count++] = building->cut;
    const int64_t all[TYPES] = {
        [SAMPLES] = (int64_t)stack->samples,
        [TIME] = llround(stack->time * building->second_ns),
        [ALLOC_OBJECTS] = llround(stack->calls),
        [ALLOC_SPACE] = llround(stack->bytes),
        [INUSE_OBJECTS] = llround(stack->live_calls),
        [INUSE_SPACE] = llround(stack->live_bytes),
    };
    stacks_add_path(building->to, places, count, all + (TYPES - building->to->type_count));
}

static int64_t ns_between(unsigned frequency)
{
    return frequency ? 1000000000 / (int64_t)frequency : 0;
}

static void describe(struct building *building)
{
    const struct callers_report *report = building->report;
    struct stacks *to = building->to;
    const struct callers_time *all = &building->run->tally.all;
    bool has_time = report->event && all->weight > 0;
    size_t first = has_time ? 0 : ALLOC_OBJECTS;
    building->second_ns = has_time ? 1e9 * report->cpu_seconds / all->weight : 0;
    to->command = report->command;
    to->types = types + first;
    to->type_count = TYPES - first;
    to->shown = report->malloc_samples && has_time ? TIME : ALLOC_SPACE - first;
    to->period_type = has_time ? TIME : ALLOC_SPACE - first;
    to->period = has_time ? ns_between(report->frequency) : (int64_t)report->mean;
    to->began_ns = building->run->began_ns;
    to->lasted_ns = (uint64_t)(1e9 * building->run->end.seconds);
}

bool callers_stacks_model(struct callers_run *run, struct callers_report *report,
                          struct stacks *stacks)
{
    struct building building = {.run = run, .report = report, .from = &run->stacks, .to = stacks};
    building.places = calloc(run->stacks.place_count + 1, sizeof *building.places);
    if (!building.places)
        return false;
    describe(&building);
    add_modules(&building);
    add_places(&building);
    building.unknown = add_named(&building, "[unknown caller]");
    building.cut = add_named(&building, "[more callers]");
    for (size_t i = 0; i < run->stacks.stack_count; i++)
        add_stack(&building, &run->stacks.stacks[i]);
    free(building.places);
    name_pool_finish(&building.called);
    return !stacks->no_memory && !building.no_memory;
}
