/* SPDX-License-Identifier: MIT */
#include "count_tally.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count_chain.h"
#include "count_paths.h"

_Static_assert((int)COUNT_MALLOC == (int)STEP_MALLOC && (int)COUNT_CALLOC == (int)STEP_CALLOC &&
                   (int)COUNT_REALLOC == (int)STEP_REALLOC &&
                   (int)COUNT_ALIGNED == (int)STEP_ALIGNED && (int)COUNT_FREE == (int)STEP_FREE &&
                   (int)COUNT_KINDS == (int)STEP_KINDS,
               "the report's kinds are the stepper's");

/* The last place is that of all sources for which there is none. */
static struct count_source *find_or_add_source(struct count_report *report, const char *name,
                                               enum count_group group)
{
    struct count_source *source = report->sources;
    for (size_t i = 0; i < report->source_count; i++, source++) {
        if (source->group == group && strncmp(source->name, name, sizeof source->name - 1) == 0)
            return source;
    }
    if (report->source_count == COUNT_SOURCES_MAX)
        return source - 1;
    bool is_last = ++report->source_count == COUNT_SOURCES_MAX;
    *source = (struct count_source){.group = is_last ? COUNT_ELSEWHERE : group};
    snprintf(source->name, sizeof source->name, "%s", is_last ? "other sources" : name);
    return source;
}

static struct count_effects effects_of(const struct instruction *effect)
{
    return (struct count_effects){1, effect->loads, effect->stores, effect->branches};
}

static bool add_call(struct count_places *places, const struct step_call *call,
                     struct count_paths *paths, struct count_report *report)
{
    enum count_kind kind = (enum count_kind)call->kind;
    const char *entry = NULL;
    struct count_effects sum = {0};
    struct count_chain chain;
    count_chain_begin(&chain);
    count_paths_begin(paths);
    for (size_t i = 0; i < call->count; i++) {
        const struct count_place *place = count_places_find(places, call->addresses[i]);
        if (!place)
            return false;
        if (place->is_steppers)
            continue;
        struct count_source *source = find_or_add_source(report, place->name, place->group);
        struct count_effects effects = effects_of(&place->effect);
        if (!source->step && source->group == place->group)
            source->step = place->step;
        if (sum.instructions == 0)
            entry = place->symbol;
        count_effects_add(&source->kinds[kind], &effects);
        count_effects_add(&sum, &effects);
        count_chain_pass(&chain, &place->flow);
        if (place->symbol != entry)
            count_paths_pass(paths, place);
    }
    report->kind_calls[kind]++;
    report->head.calls++;
    count_effects_add(&report->kinds[kind], &sum);
    count_paths_end(paths, kind, &sum, call->bytes, chain.longest);
    return true;
}

static uint64_t all_instructions(const struct count_source *source)
{
    uint64_t sum = 0;
    for (int kind = 0; kind < COUNT_KINDS; kind++)
        sum += source->kinds[kind].instructions;
    return sum;
}

static int by_group_and_work(const void *a, const void *b)
{
    const struct count_source *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    uint64_t mine = all_instructions(x), others = all_instructions(y);
    if (mine != others)
        return mine > others ? -1 : 1;
    return strcmp(x->name, y->name);
}

bool count_tally(struct count_places *places, const struct step_file *file, bool by_function,
                 struct count_report *report)
{
    struct step_call call;
    size_t at = 0, before = report->source_count;
    bool done = false;
    struct count_paths *paths = count_paths_create(by_function, file->header.calls);
    if (!paths)
        return false;
    do
        done = !step_file_call(file, &at, &call);
    while (!done && add_call(places, &call, paths, report));
    done = done && count_paths_fill(paths, report);
    int error = errno;
    count_paths_destroy(paths);
    errno = error;
    qsort(report->sources + before, report->source_count - before, sizeof *report->sources,
          by_group_and_work);
    return done;
}
