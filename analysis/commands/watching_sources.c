/* SPDX-License-Identifier: MIT */
#include "watching_sources.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/attribute.h"
#include "statistics/interval.h"

const char *const watching_factor_names[HAK_FACTOR_END] = {
    [HAK_FACTOR_HEADER] = "header",     [HAK_FACTOR_CACHE] = "cache",
    [HAK_FACTOR_METADATA] = "metadata", [HAK_FACTOR_CLASSIFY] = "classify",
    [HAK_FACTOR_FREELIST] = "freelist", [HAK_FACTOR_CHECK] = "check",
};

/* What shares are counted in. Where the kernel is not sampled, samples tell of the user's part of
 * the processor time alone, and getrusage of the rest. */
struct scale {
    double weight;  /* of all samples */
    double samples; /* that would tell as much if they weighed the same */
    double part;    /* of the processor time that samples tell of */
    double ns_per_share;
};

static void set_share(const struct scale *scale, double weight, double *share, double *low,
                      double *high, double *ns_per_op)
{
    double counted = scale->weight > 0 ? weight / scale->weight : 0;
    struct interval interval = interval_of_share(counted, scale->samples, INTERVAL_95);
    *share = counted * scale->part;
    *low = interval.low * scale->part;
    *high = interval.high * scale->part;
    *ns_per_op = *share * scale->ns_per_share;
}

static void add(struct report *report, const struct scale *scale, const struct profile_source *from)
{
    struct report_source *to = report_add_source(report, from->name, from->group);
    if (!to)
        return;
    to->other = from->other;
    to->samples = from->samples;
    set_share(scale, from->weight, &to->share, &to->ci_low, &to->ci_high, &to->ns_per_op);
}

static const struct profile_source *find(const struct profile *profile, const char *name,
                                         enum report_group group)
{
    for (size_t i = 0; i < profile->source_count; i++) {
        const struct profile_source *source = &profile->sources[i];
        if (source->group == group && !source->other && strcmp(source->name, name) == 0)
            return source;
    }
    return NULL;
}

/* These are listed even when no sample fell on them: none is a finding too. */
static void add_always(struct report *report, const struct scale *scale,
                       const struct profile *profile, const char *name, enum report_group group)
{
    const struct profile_source *found = find(profile, name, group);
    struct profile_source none = {.name = name, .group = group};
    add(report, scale, found ? found : &none);
}

/* The kernel's work for malloc: all of it where it can be told, else what is known of it. */
static void add_kernel_for_malloc(struct report *report, const struct scale *scale,
                                  const struct profile *profile)
{
    static const char *const names[] = {profile_faults, profile_system_calls};
    for (size_t i = 0; i < 2; i++) {
        if (report->kernel_separated || find(profile, names[i], REPORT_KERNEL_MALLOC))
            add_always(report, scale, profile, names[i], REPORT_KERNEL_MALLOC);
    }
}

static bool is_factor_name(const char *name)
{
    for (size_t f = 0; f < HAK_FACTOR_END; f++) {
        if (strcmp(watching_factor_names[f], name) == 0)
            return true;
    }
    return false;
}

static int by_samples(const void *a, const void *b)
{
    const struct profile_source *x = a, *y = b;
    return (x->weight < y->weight) - (x->weight > y->weight);
}

static void add_allocator(struct report *report, const struct scale *scale, struct profile *profile,
                          bool has_factors)
{
    qsort(profile->sources, profile->source_count, sizeof profile->sources[0], by_samples);
    for (size_t f = 0; has_factors && f < HAK_FACTOR_END; f++)
        add_always(report, scale, profile, watching_factor_names[f], REPORT_FACTOR);
    for (size_t i = 0; i < profile->source_count; i++) {
        const struct profile_source *source = &profile->sources[i];
        bool is_listed = has_factors && is_factor_name(source->name);
        if (source->group == REPORT_FACTOR && !is_listed)
            add(report, scale, source);
    }
    for (size_t i = 0; i < profile->source_count; i++) {
        if (profile->sources[i].group == REPORT_ALLOCATOR)
            add(report, scale, &profile->sources[i]);
    }
}

/* The kernel's time as getrusage tells it. */
static void add_unsampled_kernel(struct report *report, const struct scale *scale)
{
    struct report_source *kernel = report_add_source(report, "kernel", REPORT_KERNEL);
    if (!kernel)
        return;
    kernel->share = 1 - scale->part;
    kernel->ns_per_op = kernel->share * scale->ns_per_share;
}

static void fill_headline(struct report *report, const struct scale *scale,
                          const struct profile *profile)
{
    double weight = 0;
    for (size_t i = 0; i < profile->source_count; i++) {
        enum report_group group = profile->sources[i].group;
        if (group != REPORT_APPLICATION && group != REPORT_KERNEL)
            weight += profile->sources[i].weight;
    }
    set_share(scale, weight, &report->malloc_share, &report->malloc_low, &report->malloc_high,
              &report->malloc_ns_per_op);
}

static bool has_others(const struct profile *profile)
{
    for (size_t i = 0; i < profile->source_count; i++) {
        if (profile->sources[i].other)
            return true;
    }
    return false;
}

static void fill_steps(struct report *report, const struct scale *scale,
                       const struct profile *profile)
{
    for (int part = 0; part < STEP_PARTS; part++) {
        const struct profile_step *step = &profile->steps[part];
        report->steps[part].samples = step->samples;
        report->steps[part].share = step->weight / scale->weight * scale->part;
    }
    if (!report->kernel_sampled)
        report->steps[PART_KERNEL].share = 1 - scale->part;
}

void watching_sources_fill(struct report *report, const struct watching_facts *facts)
{
    struct profile *profile = facts->profile;
    report->malloc_share = report->malloc_low = report->malloc_high = NAN;
    report->malloc_ns_per_op = NAN;
    for (int part = 0; part < STEP_PARTS; part++)
        report->steps[part].share = NAN;
    if (!facts->event)
        return;
    profile_settle(profile);
    report->event = facts->event->name;
    report->frequency = (unsigned)facts->event->attr.sample_freq;
    report->kernel_sampled = facts->event->kernel;
    report->processors_sampled = facts->event->processors;
    bool has_code = facts->has_code && watching_was_loaded(facts);
    report->kernel_separated = report->kernel_sampled && report->counted && has_code;
    report->samples = profile->samples;
    report->fault_samples = facts->sampled.faults;
    report->lost = facts->sampled.lost;
    report->aggregated = facts->sampled.aggregated;
    report->throttled = facts->sampled.throttled;
    report->allocator_separated = has_code || has_others(profile);

    struct scale scale = {
        .weight = profile->weight,
        .samples = profile_effective_samples(profile),
        .part = report->kernel_sampled || !(report->cpu_s > 0) ? 1 : report->user_s / report->cpu_s,
        .ns_per_share = report->operations > 0 ? 1e9 * report->cpu_s / report->operations : NAN,
    };
    if (profile->samples == 0)
        return;
    fill_steps(report, &scale, profile);
    add_always(report, &scale, profile, profile_application, REPORT_APPLICATION);
    add_allocator(report, &scale, profile, attributor_lens(facts->attributor) && has_code);
    if (report->kernel_sampled) {
        add_kernel_for_malloc(report, &scale, profile);
        add_always(report, &scale, profile, profile_kernel, REPORT_KERNEL);
    } else {
        add_unsampled_kernel(report, &scale);
    }
    if (report->allocator_separated)
        fill_headline(report, &scale, profile);
}
