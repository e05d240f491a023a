/* SPDX-License-Identifier: MIT */
#include "callers_time.h"

#include "collect/stack_sample.h"

_Static_assert((int)STACK_REGISTERS == (int)UNWIND_REGISTERS, "the same registers");

static size_t unwind_sample(struct callers_time_sampling *time, const struct time_sample *sample,
                            uint64_t *addresses)
{
    const struct unwind_input input = {
        .registers = sample->stack->registers,
        .stack = sample->stack->bytes,
        .stack_bytes = sample->stack->byte_count,
    };
    return attributor_unwind(time->attributor, sample->pid, &input, addresses,
                             CALLERS_STACK_FRAMES);
}

/* What is any allocator's code is malloc's. glibc's, and one that nobody knows, is a part of a
 * library that does much else, and little may tell the two apart: then malloc's work is also what
 * that does for one of the calls that pass through our library. */
static bool is_malloc(struct callers_time_sampling *time, const struct time_sample *sample,
                      uint64_t *addresses, size_t *count)
{
    const struct attribution *found =
        attributor_resolve(time->attributor, sample->pid, sample->address);
    bool is_code = found->domain == ATTRIBUTED_ALLOCATOR;
    bool is_part = time->allocator->is_glibc || time->allocator->is_own;
    if (sample->stack && (is_code || is_part))
        *count = unwind_sample(time, sample, addresses);
    return is_code || (is_part && callers_paths_is_malloc(time->paths, time->attributor,
                                                          sample->pid, addresses, *count));
}

static void on_sample(void *context, const struct time_sample *sample)
{
    struct callers_time_sampling *time = context;
    struct callers_tally *tally = time->tally;
    double weight = (double)sample->weight;
    uint64_t addresses[CALLERS_STACK_FRAMES];
    size_t count = 0;
    tally->all.samples++;
    tally->all.weight += weight;
    tally->squares += sample->squares;
    if (!is_malloc(time, sample, addresses, &count))
        return;
    size_t path = callers_paths_find(time->paths, time->attributor, sample->pid, addresses, count);
    time->no_memory |= !callers_tally_time(tally, path, weight);
    callers_stack_add_time(callers_stacks_find(time->stacks, time->paths, time->attributor,
                                               sample->pid, addresses, count),
                           weight);
}

static void on_fault(void *context, const struct fault_sample *sample)
{
}

static void on_map(void *context, const struct mapping_record *mapping)
{
    struct callers_time_sampling *time = context;
    attributor_map(time->attributor, mapping->pid, mapping->start, mapping->length, mapping->offset,
                   mapping->path);
}

static void on_fork(void *context, pid_t parent, pid_t child)
{
    struct callers_time_sampling *time = context;
    attributor_fork(time->attributor, parent, child);
}

static void on_exec(void *context, pid_t pid)
{
    struct callers_time_sampling *time = context;
    attributor_exec(time->attributor, pid);
}

void callers_time_start(struct callers_time_sampling *time, pid_t pid, unsigned frequency,
                        double budget)
{
    const struct sampler_sink sink = {time, on_sample, on_fault, on_map, on_fork, on_exec};
    const struct sampling_wish wish = {.frequency = frequency,
                                       .budget = budget,
                                       .aggregate = SAMPLING_AGGREGATE_NO,
                                       .stack_bytes = CALLERS_STACK_BYTES};
    if (sampling_open(&time->sampling, pid, &wish, &sink, time->why, sizeof time->why))
        sampler_start(time->sampling.sampler);
}

void callers_time_read(struct callers_time_sampling *time)
{
    if (time->sampling.sampler)
        sampler_read(time->sampling.sampler);
}

void callers_time_finish(struct callers_time_sampling *time)
{
    if (time->sampling.sampler)
        sampler_finish(time->sampling.sampler, &time->totals);
    sampler_close(time->sampling.sampler);
    time->sampling.sampler = NULL;
}
