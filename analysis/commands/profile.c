/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include <math.h>
#include <string.h>

#include "attribute/lens.h"
#include "collect/running_allocator.h"

_Static_assert((int)PART_LOCK - PART_HEADER == (int)LENS_LOCK &&
                   (int)PART_UNKNOWN - PART_HEADER == (int)LENS_UNKNOWN,
               "the parts between application and kernel are the steps");

const char profile_application[] = "application";
const char profile_kernel[] = "kernel: application";
const char profile_faults[] = "kernel: page faults";
const char profile_system_calls[] = "kernel: system calls";

/* A fault is over by then; a sample any later belongs to another one. */
#define FAULT_LASTS_NS 10000000u

void profile_start(struct profile *profile, struct attributor *attributor, struct counted counted,
                   const char *library)
{
    *profile = (struct profile){
        .attributor = attributor,
        .counted = counted,
        .library = library,
    };
}

/* The names of other allocators are the lenses': equal ones are the same pointer. */
static struct profile_source *find(struct profile *profile, const char *other, const char *name,
                                   enum report_group group)
{
    for (size_t i = 0; i < profile->source_count; i++) {
        struct profile_source *source = &profile->sources[i];
        if (source->group == group && source->other == other && strcmp(source->name, name) == 0)
            return source;
    }
    return NULL;
}

/* An allocator of very many files: those seen last share a row. */
enum { ROWS_KEPT = 6 };

static void add_of(struct profile *profile, const char *other, const char *name,
                   enum report_group group, uint64_t samples, double weight)
{
    struct profile_source *source = find(profile, other, name, group);
    bool is_file = group == REPORT_ALLOCATOR || group == REPORT_FACTOR;
    if (!source && is_file && profile->source_count >= PROFILE_SOURCES_MAX - ROWS_KEPT) {
        name = "other files";
        other = NULL;
        group = REPORT_ALLOCATOR;
        source = find(profile, other, name, group);
    }
    if (!source) {
        source = &profile->sources[profile->source_count++];
        *source = (struct profile_source){.other = other, .name = name, .group = group};
    }
    source->samples += samples;
    source->weight += weight;
}

static void add(struct profile *profile, const char *name, enum report_group group,
                uint64_t samples, double weight)
{
    add_of(profile, NULL, name, group, samples, weight);
}

static void add_step(struct profile *profile, enum step_part part, uint64_t samples, double weight)
{
    profile->steps[part].samples += samples;
    profile->steps[part].weight += weight;
}

static enum step_part part_of(const struct attribution *found)
{
    if (!found)
        return PART_APPLICATION;
    enum step_part part = found->step ? step_part_of(found->step) : PART_UNKNOWN;
    return part < STEP_PARTS ? part : PART_UNKNOWN;
}

/* Exceptions are page faults but for very few. */
static enum step_part kernel_part_of(const struct time_sample *sample)
{
    bool is_exception = sample->entry == ENTRY_EXCEPTION && sample->fault == FAULT_UNKNOWN;
    if (sample->fault == FAULT_KNOWN || is_exception)
        return PART_FAULTS;
    return sample->entry == ENTRY_SYSTEM_CALL ? PART_CALLS : PART_KERNEL;
}

/* `found` is NULL for code that is no allocator's; in the kernel it did something for that: a
 * system call, or what else there is. */
static struct profile_source source_of(const struct attribution *found, bool in_kernel)
{
    if (in_kernel && found)
        return (struct profile_source){.name = profile_system_calls, .group = REPORT_KERNEL_MALLOC};
    if (in_kernel)
        return (struct profile_source){.name = profile_kernel, .group = REPORT_KERNEL};
    if (!found)
        return (struct profile_source){.name = profile_application, .group = REPORT_APPLICATION};
    bool is_factor = found->is_factor && !found->other;
    return (struct profile_source){.other = found->other,
                                   .name = found->source,
                                   .group = is_factor ? REPORT_FACTOR : REPORT_ALLOCATOR};
}

static const struct attribution *allocators_code(struct profile *profile,
                                                 const struct profile_place *place)
{
    const struct attribution *found = NULL;
    if (profile->attributor && place->path)
        found = attributor_resolve_place(profile->attributor, place->path, place->offset);
    return found && found->domain == ATTRIBUTED_ALLOCATOR ? found : NULL;
}

struct profile_source profile_source_at(struct profile *profile, const struct profile_place *place)
{
    return source_of(allocators_code(profile, place), place->in_kernel);
}

static void add_place(struct profile *profile, const struct profile_place *place)
{
    const struct attribution *found = allocators_code(profile, place);
    struct profile_source source = source_of(found, place->in_kernel);
    if (!place->in_kernel)
        add_step(profile, part_of(found), place->samples, place->weight);
    add_of(profile, source.other, source.name, source.group, place->samples, place->weight);
}

void profile_name(struct profile *profile)
{
    for (size_t i = 0; i < profile->places.capacity; i++) {
        if (!profile->places.items[i].path)
            continue;
        if (profile->on_place)
            profile->on_place(profile->on_place_context, &profile->places.items[i]);
        add_place(profile, &profile->places.items[i]);
    }
    profile_places_finish(&profile->places);
    if (profile->times)
        profile_times_name(profile->times, profile);
}

/* Code that is made while the program runs has places without end. */
enum { PLACES_MOST = 1 << 16 };

static void keep_place(struct profile *profile, const struct time_sample *sample)
{
    struct profile_place place = {
        .in_kernel = sample->in_kernel,
        .samples = sample->count,
        .weight = (double)sample->weight,
    };
    bool has_place =
        profile->attributor && attributor_place(profile->attributor, sample->pid, sample->address,
                                                &place.path, &place.offset);
    struct profile_source source = source_of(NULL, place.in_kernel); /* where there is none */
    if (!has_place)
        place.path = NULL;
    if (!has_place || !profile_places_add(&profile->places, &place))
        add_place(profile, &place);
    if (has_place)
        profile_times_at_place(profile->times, profile, sample, &place);
    else
        profile_times_of_source(profile->times, profile, sample, &source);
    if (profile->places.count >= PLACES_MOST)
        profile_name(profile);
}

/* The fault that the sample belongs to, by the recorded ones of its thread. */
static const struct thread_fault *recorded_fault(const struct profile *profile,
                                                 const struct time_sample *sample)
{
    if (sample->tid == 0)
        return NULL;
    const struct thread_fault *fault = &profile->faults[(unsigned)sample->tid % PROFILE_THREADS];
    bool matches = fault->tid == sample->tid && fault->instruction == sample->address &&
                   sample->time >= fault->time && sample->time - fault->time < FAULT_LASTS_NS;
    return matches ? fault : NULL;
}

/* What the kernel did. UNDECIDED: an exception, perhaps a fault that was not recorded. */
enum kernel_work { WORK_OTHER, WORK_UNDECIDED, WORK_FAULT_IN_ARENA, WORK_FOR_CALLER };

static enum kernel_work work_of(const struct profile *profile, const struct time_sample *sample)
{
    const struct thread_fault *recorded = NULL;
    if (sample->fault == FAULT_KNOWN)
        return profile->counted.in_arena(profile->counted.context, sample->pid,
                                         sample->fault_address)
                   ? WORK_FAULT_IN_ARENA
                   : WORK_OTHER;
    if (sample->entry != ENTRY_SYSTEM_CALL && sample->fault == FAULT_UNKNOWN)
        recorded = recorded_fault(profile, sample);
    if (recorded)
        return recorded->in_arena ? WORK_FAULT_IN_ARENA : WORK_OTHER;
    if (sample->entry == ENTRY_EXCEPTION)
        return sample->fault == FAULT_UNKNOWN ? WORK_UNDECIDED : WORK_OTHER;
    return WORK_FOR_CALLER;
}

/* Whose work it was is told in the end: profile_settle. */
static const char undecided[] = "kernel: page faults, malloc's or not";

static void add_kernel(struct profile *profile, const struct time_sample *sample)
{
    double weight = (double)sample->weight;
    struct profile_source source = {.name = profile_kernel, .group = REPORT_KERNEL};
    add_step(profile, kernel_part_of(sample), sample->count, weight);
    switch (work_of(profile, sample)) {
    case WORK_FOR_CALLER:
        keep_place(profile, sample);
        return;
    case WORK_UNDECIDED:
        profile->faulting.samples += sample->count;
        profile->faulting.weight += weight;
        source.name = undecided;
        break;
    case WORK_FAULT_IN_ARENA:
        source = (struct profile_source){.name = profile_faults, .group = REPORT_KERNEL_MALLOC};
        /* fall through */
    default:
        add(profile, source.name, source.group, sample->count, weight);
    }
    profile_times_of_source(profile->times, profile, sample, &source);
}

static void on_sample(void *context, const struct time_sample *sample)
{
    struct profile *profile = context;
    if (profile->only && sample->pid != profile->only)
        return;
    profile->samples += sample->count;
    profile->weight += (double)sample->weight;
    profile->squares += sample->squares;
    if (sample->in_kernel)
        add_kernel(profile, sample);
    else
        keep_place(profile, sample);
}

static void on_fault(void *context, const struct fault_sample *sample)
{
    struct profile *profile = context;
    struct thread_fault *fault = &profile->faults[(unsigned)sample->tid % PROFILE_THREADS];
    *fault = (struct thread_fault){
        .tid = sample->tid,
        .time = sample->time,
        .instruction = sample->instruction,
        .in_arena =
            profile->counted.in_arena(profile->counted.context, sample->pid, sample->address),
    };
    if (fault->in_arena)
        profile->arena_faults += (double)sample->weight;
    else
        profile->other_faults += (double)sample->weight;
}

static void on_map(void *context, const struct mapping_record *mapping)
{
    struct profile *profile = context;
    if (strcmp(mapping->path, profile->library) == 0)
        profile->library_mapped = true;
    else if (!profile->brought)
        profile->brought = running_allocator_of_file(mapping->path);
    if (profile->attributor)
        attributor_map(profile->attributor, mapping->pid, mapping->start, mapping->length,
                       mapping->offset, mapping->path);
}

static void on_fork(void *context, pid_t parent, pid_t child)
{
    struct profile *profile = context;
    profile->counted.forked(profile->counted.context, parent, child);
    if (profile->attributor)
        attributor_fork(profile->attributor, parent, child);
}

static void on_exec(void *context, pid_t pid)
{
    struct profile *profile = context;
    profile->counted.executed(profile->counted.context, pid);
    if (profile->attributor)
        attributor_exec(profile->attributor, pid);
}

struct sampler_sink profile_sink(struct profile *profile)
{
    return (struct sampler_sink){profile, on_sample, on_fault, on_map, on_fork, on_exec};
}

void profile_settle(struct profile *profile)
{
    struct profile_source *left = &profile->faulting;
    double faults = profile->arena_faults + profile->other_faults;
    double part = faults > 0 ? profile->arena_faults / faults : 0;
    uint64_t for_malloc = (uint64_t)llround(part * (double)left->samples);
    if (left->samples == 0)
        return;
    double each = left->weight / (double)left->samples;
    if (for_malloc)
        add(profile, profile_faults, REPORT_KERNEL_MALLOC, for_malloc, (double)for_malloc * each);
    if (left->samples > for_malloc)
        add(profile, profile_kernel, REPORT_KERNEL, left->samples - for_malloc,
            (double)(left->samples - for_malloc) * each);
    *left = (struct profile_source){0};
}

void profile_finish(struct profile *profile)
{
    profile_places_finish(&profile->places);
}

double profile_effective_samples(const struct profile *profile)
{
    return profile->squares > 0 ? profile->weight * profile->weight / profile->squares : 0;
}
