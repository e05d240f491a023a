/* SPDX-License-Identifier: MIT */
/*
 * Joins samples and attribution: each sample is given to the source its time was spent on.
 *
 * In the program: to the file or factor of the allocator its address belongs to, or to the
 * application. In the kernel, by what led there:
 *   a system call made by the allocator's code  -> system calls for malloc
 *   a page fault in the allocator's range       -> page faults for malloc
 *   anything else                               -> the application's kernel time
 * The first two need an allocator that tells its range and makes its system calls itself:
 * libhakmem.
 *
 * Page faults are sampled as an event of their own, with their addresses. A kernel sample belongs
 * to the last fault of its thread at the same instruction. Where faults come too often to be
 * recorded one by one, such samples are shared out as the recorded faults are. Samples that were
 * added up in the kernel know their faults.
 *
 * Whose code an address is may take reading a file's debug information, 0.2 s of processor time for
 * jemalloc's. So samples are kept by their places until profile_name, after the program's end.
 */
#ifndef ANALYSIS_PROFILE_H
#define ANALYSIS_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "attribute/attribute.h"
#include "collect/counted.h"
#include "collect/sampler.h"
#include "profile_places.h"
#include "profile_times.h"
#include "report/model.h"
#include "report/step_parts.h"

enum { PROFILE_SOURCES_MAX = REPORT_SOURCES_MAX - HAK_FACTOR_END - 6, PROFILE_THREADS = 1024 };

struct profile_source {
    const char *other; /* the allocator it is of, where it isn't the one asked about; or NULL */
    const char *name;
    enum report_group group;
    uint64_t samples;
    double weight;
};

/* The same samples by the parts that all allocators have. */
struct profile_step {
    uint64_t samples;
    double weight;
};

struct thread_fault {
    pid_t tid;
    uint64_t time, instruction;
    bool in_arena;
};

struct profile {
    struct attributor *attributor; /* NULL: everything is application */
    struct counted counted;
    const char *library;          /* the allocator's, as it is mapped */
    struct profile_times *times;  /* the same samples in time; NULL: not wanted */
    pid_t only;                   /* whose samples are taken; 0: everybody's */
    bool library_mapped;          /* some program really has it */
    const char *brought;          /* another allocator that some program has mapped; NULL: none */
    struct profile_places places; /* samples whose source nobody has asked for yet */
    struct profile_source sources[PROFILE_SOURCES_MAX];
    size_t source_count;
    struct profile_step steps[STEP_PARTS];
    struct profile_source faulting; /* kernel samples whose fault was not recorded */
    double arena_faults, other_faults;
    double weight, squares; /* of all samples */
    uint64_t samples;
    /* Told of places as they are named; NULL: nobody is. */
    void (*on_place)(void *context, const struct profile_place *place);
    void *on_place_context;
    struct thread_fault faults[PROFILE_THREADS]; /* by tid; a newcomer takes the place */
};

void profile_start(struct profile *profile, struct attributor *attributor, struct counted counted,
                   const char *library);
struct sampler_sink profile_sink(struct profile *profile);

void profile_finish(struct profile *profile);

/* Asks whose code all samples so far fell on. */
void profile_name(struct profile *profile);

/* What a sample at the place counts for. */
struct profile_source profile_source_at(struct profile *profile, const struct profile_place *place);

/* Shares out what is left undecided, after profile_name. */
void profile_settle(struct profile *profile);

/* How many samples of equal weight would tell as much. */
double profile_effective_samples(const struct profile *profile);

extern const char profile_application[], profile_kernel[], profile_faults[], profile_system_calls[];

#endif
