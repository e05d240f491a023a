/* SPDX-License-Identifier: MIT */
#include "annotate_tally.h"

#include <errno.h>
#include <stdlib.h>

#include "attribute/growing.h"

static void find_bounds(struct annotate_tally *tally)
{
    const struct annotate_choice *choice = tally->choice;
    tally->first = UINT64_MAX;
    for (size_t i = 0; i < choice->all_count; i++) {
        const struct attributed_function *function = &choice->all[i];
        uint64_t end = function->offset + function->bytes;
        tally->first = function->offset < tally->first ? function->offset : tally->first;
        tally->end = end > tally->end ? end : tally->end;
    }
    if (!choice->all_count)
        tally->first = 0;
}

/* A place for each byte: pages that nothing touches cost nothing. */
static bool make_places(struct annotate_tally *tally)
{
    size_t functions = tally->choice->all_count, chosen = tally->choice->count;
    tally->sites = calloc(tally->end - tally->first + 1, sizeof *tally->sites);
    tally->functions = calloc(functions + 1, sizeof *tally->functions);
    tally->shown = calloc(functions + 1, sizeof *tally->shown);
    tally->calls = calloc(chosen + 1, sizeof *tally->calls);
    return tally->sites && tally->functions && tally->shown && tally->calls;
}

bool annotate_tally_start(struct annotate_tally *tally, struct attributor *attributor,
                          const struct annotate_choice *choice)
{
    *tally = (struct annotate_tally){.attributor = attributor, .choice = choice};
    find_bounds(tally);
    if (!make_places(tally))
        return false;
    for (size_t i = 0; i < choice->all_count; i++)
        tally->shown[i] = SIZE_MAX;
    for (size_t i = 0; i < choice->count; i++) {
        for (size_t part = 0; part < choice->chosen[i].part_count; part++)
            tally->shown[choice->chosen[i].parts[part]] = i;
    }
    return true;
}

void annotate_tally_finish(struct annotate_tally *tally)
{
    for (size_t i = 0; tally->calls && i < tally->choice->count; i++)
        free(tally->calls[i].instructions);
    free(tally->sites);
    free(tally->functions);
    free(tally->shown);
    free(tally->calls);
    *tally = (struct annotate_tally){0};
}

const struct annotate_site *annotate_tally_site(const struct annotate_tally *tally, uint64_t offset)
{
    return offset >= tally->first && offset < tally->end ? &tally->sites[offset - tally->first]
                                                         : NULL;
}

static struct annotate_site *site_at(struct annotate_tally *tally, uint64_t offset)
{
    return (struct annotate_site *)annotate_tally_site(tally, offset);
}

static void add_step(struct annotate_tally *tally, pid_t pid, uint64_t address)
{
    uint64_t offset;
    tally->instructions++;
    if (!attributor_locate(tally->attributor, pid, address, &offset))
        return;
    struct annotate_site *site = site_at(tally, offset);
    size_t function = annotate_choice_at(tally->choice, offset);
    if (site)
        site->executed++;
    if (function == SIZE_MAX)
        return;
    tally->functions[function].executed++;
    tally->functions[function].calls += offset == tally->choice->all[function].offset;
    if (tally->shown[function] != SIZE_MAX)
        tally->calls[tally->shown[function]].at_hand++;
}

static bool end_call(struct annotate_tally *tally)
{
    for (size_t i = 0; i < tally->choice->count; i++) {
        struct annotate_calls *calls = &tally->calls[i];
        if (!calls->at_hand)
            continue;
        if (!growing_reserve(&calls->instructions, &calls->capacity, calls->count,
                             sizeof *calls->instructions))
            return false;
        calls->instructions[calls->count++] = calls->at_hand;
        calls->at_hand = 0;
    }
    return true;
}

bool annotate_tally_steps(struct annotate_tally *tally, struct count_places *places,
                          const struct step_file *file)
{
    struct step_call call;
    size_t at = 0;
    while (step_file_call(file, &at, &call)) {
        for (size_t i = 0; i < call.count; i++) {
            const struct count_place *place = count_places_find(places, call.addresses[i]);
            if (!place)
                return false;
            if (!place->is_steppers)
                add_step(tally, places->pid, call.addresses[i]);
        }
        if (!end_call(tally))
            return false;
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

struct count_spread annotate_tally_spread(struct annotate_tally *tally, size_t chosen)
{
    struct annotate_calls *calls = &tally->calls[chosen];
    if (calls->count)
        qsort(calls->instructions, calls->count, sizeof *calls->instructions, by_number);
    return count_spread_of(calls->instructions, calls->count);
}

void annotate_tally_sampled(struct annotate_tally *tally, uint64_t offset,
                            const struct annotate_samples *samples)
{
    struct annotate_site *site = site_at(tally, offset);
    size_t function = annotate_choice_at(tally->choice, offset);
    if (site)
        annotate_samples_add(&site->samples, samples);
    if (function != SIZE_MAX)
        annotate_samples_add(&tally->functions[function].samples, samples);
}

static void on_sample(void *context, const struct time_sample *sample)
{
    struct annotate_tally *tally = context;
    const struct annotate_samples one = {1, sample->weight};
    uint64_t offset;
    annotate_samples_add(&tally->samples, &one);
    if (sample->in_kernel ||
        !attributor_locate(tally->attributor, sample->pid, sample->address, &offset))
        return;
    annotate_tally_sampled(tally, offset, &one);
}

static void on_fault(void *context, const struct fault_sample *sample)
{
}

static void on_map(void *context, const struct mapping_record *mapping)
{
    struct annotate_tally *tally = context;
    attributor_map(tally->attributor, mapping->pid, mapping->start, mapping->length,
                   mapping->offset, mapping->path);
}

static void on_fork(void *context, pid_t parent, pid_t child)
{
    struct annotate_tally *tally = context;
    attributor_fork(tally->attributor, parent, child);
}

static void on_exec(void *context, pid_t pid)
{
    struct annotate_tally *tally = context;
    attributor_exec(tally->attributor, pid);
}

struct sampler_sink annotate_tally_sink(struct annotate_tally *tally)
{
    return (struct sampler_sink){tally, on_sample, on_fault, on_map, on_fork, on_exec};
}
