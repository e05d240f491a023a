/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include <math.h>
#include <string.h>

const char profile_application[] = "application";
const char profile_kernel[] = "kernel: application";
const char profile_faults[] = "kernel: page faults";
const char profile_system_calls[] = "kernel: system calls";

/* A fault is over by then; a sample any later belongs to another one. */
#define FAULT_LASTS_NS 10000000u

void profile_start(struct profile *profile, struct attributor *attributor, struct counted counted,
                   const char *library, bool is_glibc)
{
    *profile = (struct profile){
        .attributor = attributor,
        .counted = counted,
        .library = library,
        .is_glibc = is_glibc,
    };
}

static struct profile_source *find(struct profile *profile, const char *name,
                                   enum report_group group)
{
    for (size_t i = 0; i < profile->source_count; i++) {
        if (profile->sources[i].group == group && strcmp(profile->sources[i].name, name) == 0)
            return &profile->sources[i];
    }
    return NULL;
}

/* An allocator of very many files: those seen last share a row. */
enum { ROWS_KEPT = 6 };

static void add(struct profile *profile, const char *name, enum report_group group,
                uint64_t samples, double weight)
{
    struct profile_source *source = find(profile, name, group);
    bool is_file = group == REPORT_ALLOCATOR || group == REPORT_FACTOR;
    if (!source && is_file && profile->source_count >= PROFILE_SOURCES_MAX - ROWS_KEPT) {
        name = "other files";
        group = REPORT_ALLOCATOR;
        source = find(profile, name, group);
    }
    if (!source) {
        source = &profile->sources[profile->source_count++];
        *source = (struct profile_source){name, group, 0, 0};
    }
    source->samples += samples;
    source->weight += weight;
}

/* glibc's malloc is the code that was written in its folder `malloc`. */
bool profile_is_glibc_malloc(const struct attribution *found)
{
    const char *folder = found->file ? strstr(found->file, "malloc/") : NULL;
    return folder && (folder == found->file || folder[-1] == '/');
}

static const struct attribution *in_allocator(const struct profile *profile, pid_t pid,
                                              uint64_t address)
{
    if (!profile->attributor)
        return NULL;
    const struct attribution *found = attributor_resolve(profile->attributor, pid, address);
    if (found->domain != ATTRIBUTED_ALLOCATOR ||
        (profile->is_glibc && !profile_is_glibc_malloc(found)))
        return NULL;
    return found;
}

static void add_user(struct profile *profile, const struct time_sample *sample)
{
    double weight = (double)sample->weight;
    const struct attribution *found = in_allocator(profile, sample->pid, sample->address);
    if (!found)
        add(profile, profile_application, REPORT_APPLICATION, sample->count, weight);
    else
        add(profile, found->source, found->is_factor ? REPORT_FACTOR : REPORT_ALLOCATOR,
            sample->count, weight);
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
enum kernel_work { WORK_OTHER, WORK_UNDECIDED, WORK_FAULT_IN_ARENA, WORK_FOR_ALLOCATOR };

static enum kernel_work work_of(struct profile *profile, const struct time_sample *sample)
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
    return in_allocator(profile, sample->pid, sample->address) ? WORK_FOR_ALLOCATOR : WORK_OTHER;
}

static void add_kernel(struct profile *profile, const struct time_sample *sample)
{
    double weight = (double)sample->weight;
    switch (work_of(profile, sample)) {
    case WORK_FAULT_IN_ARENA:
        add(profile, profile_faults, REPORT_KERNEL_MALLOC, sample->count, weight);
        break;
    case WORK_UNDECIDED:
        profile->faulting.samples += sample->count;
        profile->faulting.weight += weight;
        break;
    case WORK_FOR_ALLOCATOR:
        add(profile, profile_system_calls, REPORT_KERNEL_MALLOC, sample->count, weight);
        break;
    default:
        add(profile, profile_kernel, REPORT_KERNEL, sample->count, weight);
    }
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
        add_user(profile, sample);
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
    profile->library_mapped |= strcmp(mapping->path, profile->library) == 0;
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

double profile_effective_samples(const struct profile *profile)
{
    return profile->squares > 0 ? profile->weight * profile->weight / profile->squares : 0;
}
