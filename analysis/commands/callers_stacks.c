/* SPDX-License-Identifier: MIT */
#include "callers_stacks.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/growing.h"

void callers_stacks_finish(struct callers_stacks *stacks)
{
    name_pool_finish(&stacks->keys);
    free(stacks->mappings);
    free(stacks->places);
    free(stacks->stacks);
    free(stacks->next);
    free(stacks->steps);
    *stacks = (struct callers_stacks){0};
}

/* The key's entry; its value is 0 where it is new. */
static struct pooled_name *entry_of(struct callers_stacks *stacks, const char *path, uint64_t at,
                                    char kind)
{
    char key[PATH_MAX + 32];
    snprintf(key, sizeof key, "%c%" PRIx64 " %s", kind, at, path);
    return name_pool_entry(&stacks->keys, key);
}

static bool mapping_at(struct callers_stacks *stacks, struct callers_paths *paths,
                       const struct attributed_mapping *mapping, size_t *index)
{
    struct pooled_name *entry = entry_of(stacks, mapping->path, mapping->offset, 'm');
    if (entry && entry->value) {
        *index = (size_t)(uintptr_t)entry->value - 1;
        if (mapping->end - mapping->start >
            stacks->mappings[*index].end - stacks->mappings[*index].start)
            stacks->mappings[*index].end =
                stacks->mappings[*index].start + (mapping->end - mapping->start);
        return true;
    }
    const char *path = name_pool_copy(&paths->names, mapping->path);
    if (!entry || !path ||
        !growing_reserve(&stacks->mappings, &stacks->mapping_capacity, stacks->mapping_count,
                         sizeof *stacks->mappings))
        return false;
    *index = stacks->mapping_count++;
    stacks->mappings[*index] = *mapping;
    stacks->mappings[*index].path = path;
    entry->value = (void *)(uintptr_t)stacks->mapping_count;
    return true;
}

/* False where nothing is mapped, or memory is out. */
static bool place_at(struct callers_stacks *stacks, struct callers_paths *paths,
                     struct attributor *attributor, pid_t pid, uint64_t address, size_t *index)
{
    struct attributed_mapping mapping;
    if (!attributor_mapping(attributor, pid, address, &mapping))
        return false;
    uint64_t offset = address - mapping.start + mapping.offset;
    struct pooled_name *entry = entry_of(stacks, mapping.path, offset, 'p');
    if (entry && entry->value) {
        *index = (size_t)(uintptr_t)entry->value - 1;
        return true;
    }
    struct callers_place place = {.offset = offset};
    place.function = callers_paths_function(paths, attributor, pid, address);
    if (!entry || !place.function || !mapping_at(stacks, paths, &mapping, &place.mapping) ||
        !growing_reserve(&stacks->places, &stacks->place_capacity, stacks->place_count,
                         sizeof *stacks->places))
        return false;
    place.path = stacks->mappings[place.mapping].path;
    *index = stacks->place_count++;
    stacks->places[*index] = place;
    entry->value = (void *)(uintptr_t)stacks->place_count;
    return true;
}

static size_t bucket_of(const struct callers_stack *stack, const size_t *steps)
{
    uint64_t hash = (uintptr_t)stack->called ^ stack->count;
    for (size_t i = 0; i < stack->count; i++)
        hash = (hash ^ steps[i]) * 0x9e3779b97f4a7c15u;
    return hash >> 32 & (CALLERS_PATH_BUCKETS - 1);
}

static bool is_same(const struct callers_stacks *stacks, const struct callers_stack *known,
                    const struct callers_stack *stack, const size_t *steps)
{
    return known->called == stack->called && known->is_whole == stack->is_whole &&
           known->count == stack->count &&
           memcmp(stacks->steps + known->first, steps, stack->count * sizeof *steps) == 0;
}

/* The first is of no known caller. */
static bool begin(struct callers_stacks *stacks)
{
    if (stacks->stack_count)
        return true;
    if (!growing_reserve(&stacks->stacks, &stacks->stack_capacity, 0, sizeof *stacks->stacks) ||
        !growing_reserve(&stacks->next, &stacks->next_capacity, 0, sizeof *stacks->next))
        return false;
    stacks->stacks[0] = (struct callers_stack){.called = ""};
    stacks->next[0] = 0;
    stacks->stack_count = 1;
    return true;
}

static struct callers_stack *find(struct callers_stacks *stacks, const struct callers_stack *stack,
                                  const size_t *steps)
{
    size_t *bucket = &stacks->buckets[bucket_of(stack, steps)];
    for (size_t i = *bucket; i; i = stacks->next[i]) {
        if (is_same(stacks, &stacks->stacks[i], stack, steps))
            return &stacks->stacks[i];
    }
    size_t at = stacks->stack_count;
    if (at == CALLERS_STACKS_MAX ||
        !growing_reserve(&stacks->stacks, &stacks->stack_capacity, at, sizeof *stacks->stacks) ||
        !growing_reserve(&stacks->next, &stacks->next_capacity, at, sizeof *stacks->next))
        return &stacks->stacks[0];
    for (size_t i = 0; i < stack->count; i++) {
        if (!growing_reserve(&stacks->steps, &stacks->step_capacity, stacks->step_count + i,
                             sizeof *stacks->steps))
            return &stacks->stacks[0];
        stacks->steps[stacks->step_count + i] = steps[i];
    }
    stacks->stacks[at] = *stack;
    stacks->stacks[at].first = stacks->step_count;
    stacks->step_count += stack->count;
    stacks->next[at] = *bucket;
    *bucket = at;
    stacks->stack_count++;
    return &stacks->stacks[at];
}

struct callers_stack *callers_stacks_find(struct callers_stacks *stacks,
                                          struct callers_paths *paths,
                                          struct attributor *attributor, pid_t pid,
                                          const uint64_t *addresses, size_t count)
{
    struct callers_cut cut;
    size_t steps[CALLERS_STACK_FRAMES_SHOWN];
    if (!stacks || !stacks->is_wanted || !begin(stacks))
        return NULL;
    callers_paths_cut(paths, attributor, pid, addresses, count, &cut);
    struct callers_stack stack = {.called = cut.called, .is_whole = cut.is_whole};
    for (size_t i = cut.first; i < cut.first + cut.count; i++) {
        uint64_t of_call = addresses[i] - (i > 0);
        if (stack.count == CALLERS_STACK_FRAMES_SHOWN ||
            !place_at(stacks, paths, attributor, pid, of_call, &steps[stack.count])) {
            stack.is_whole = false;
            break;
        }
        const char *function = stacks->places[steps[stack.count++]].function;
        if (strcmp(function, "main") == 0) {
            stack.is_whole = true;
            break;
        }
    }
    return stack.count && stack.called ? find(stacks, &stack, steps) : &stacks->stacks[0];
}

void callers_stack_add_time(struct callers_stack *stack, double weight)
{
    if (!stack)
        return;
    stack->samples++;
    stack->time += weight;
}

void callers_stack_add_call(struct callers_stack *stack, const struct callers_call *call)
{
    if (!stack)
        return;
    double bytes = call->weight * (double)call->size;
    stack->calls += call->weight;
    stack->bytes += bytes;
    if (call->end == FOLLOW_LIVE) {
        stack->live_calls += call->weight;
        stack->live_bytes += bytes;
    }
}
