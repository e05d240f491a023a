/* SPDX-License-Identifier: MIT */
#include "sampling.h"

#include <stdio.h>
#include <unistd.h>

#include "collect/stack_sample.h"

/* What samples may cost, of the program's processor time. */
#define SAMPLING_BUDGET 0.005

/* Below, all samples together cost little either way, and one by one they tell their time. */
enum { AGGREGATE_ABOVE = 2000 };

/* Sums are also the cheaper to read, which is not in the cost of a sample: they may be this many
 * times as dear. */
#define AGGREGATE_DEARER 1.1

/* Measures what a sample costs before the frequency is settled. */
static bool choose_frequency(struct sampling *sampling, const struct sampling_wish *wish, char *why,
                             size_t why_bytes)
{
    unsigned highest = perf_event_highest_frequency(), wanted = wish->frequency;
    double budget = wish->budget > 0 ? wish->budget : SAMPLING_BUDGET;
    if (!highest)
        highest = SAMPLING_FREQUENCY_MAX;
    sampling->overhead.sample_ns = overhead_of_sample(&sampling->event, NULL);
    if (!wanted)
        wanted = overhead_frequency(sampling->overhead.sample_ns, budget, highest);
    if (!wanted) {
        snprintf(why, why_bytes,
                 "a sample costs %.1f us here, and %.2g %% of the time are not enough for 11 a "
                 "second: left out (--budget)",
                 1e-3 * sampling->overhead.sample_ns, 100 * budget);
        return false;
    }
    if (wanted > highest)
        sampling->highest = wanted = highest;
    sampling->event.attr.sample_freq = wanted;
    return true;
}

/* Room for half a second in which every sample is another one, though it is read much more often.
 */
static unsigned choose_entries(unsigned frequency)
{
    enum { LEAST = 8192, MOST = 262144 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned long wanted = (processors > 0 ? (unsigned long)processors : 1) * frequency / 2;
    return wanted < LEAST ? LEAST : wanted > MOST ? MOST : (unsigned)wanted;
}

static struct aggregate *load(const struct perf_choice *event, double *sample_ns, char why[256])
{
    if (!event->processors) {
        snprintf(why, 256, "eBPF needs root, or CAP_BPF and CAP_PERFMON");
        return NULL;
    }
    struct aggregate *aggregate =
        aggregate_load(choose_entries((unsigned)event->attr.sample_freq), why);
    if (!aggregate)
        return NULL;
    *sample_ns = overhead_of_sample(event, aggregate);
    if (*sample_ns >= 0)
        return aggregate;
    snprintf(why, 256, "no sample reached the eBPF program when it was tried");
    aggregate_unload(aggregate);
    return NULL;
}

/* NULL: samples come one by one. */
static struct aggregate *choose_aggregate(struct sampling *sampling,
                                          const struct sampling_wish *wish)
{
    bool is_auto = wish->aggregate == SAMPLING_AGGREGATE_AUTO;
    struct overhead *overhead = &sampling->overhead;
    double sample_ns = 0;
    char why[256];
    if (wish->aggregate == SAMPLING_AGGREGATE_NO ||
        (is_auto && sampling->event.attr.sample_freq <= AGGREGATE_ABOVE))
        return NULL;
    struct aggregate *aggregate = load(&sampling->event, &sample_ns, why);
    if (!aggregate) {
        snprintf(sampling->one_by_one, sizeof sampling->one_by_one, "%s", why);
        return NULL;
    }
    if (is_auto && sample_ns > AGGREGATE_DEARER * overhead->sample_ns) {
        snprintf(sampling->one_by_one, sizeof sampling->one_by_one,
                 "that costs %.0f ns each here, one by one %.0f ns", sample_ns,
                 overhead->sample_ns);
        aggregate_unload(aggregate);
        return NULL;
    }
    overhead->sample_ns = sample_ns;
    overhead->follow_ns = aggregate_fault_ns(aggregate);
    return aggregate;
}

bool sampling_open(struct sampling *sampling, pid_t pid, const struct sampling_wish *wish,
                   const struct sampler_sink *sink, char *why, size_t why_bytes)
{
    if (!perf_event_choose(pid, SAMPLING_FREQUENCY_MIN, &sampling->event, why, why_bytes))
        return false;
    if (wish->stack_bytes) {
        stack_sample_choose(&sampling->event.attr, wish->stack_bytes);
        sampling->event.stacks = true;
    }
    if (!choose_frequency(sampling, wish, why, why_bytes))
        return false;
    struct aggregate *aggregate = choose_aggregate(sampling, wish);
    if (wish->costs) {
        sampling->overhead.fault_ns = overhead_of_fault(&sampling->event);
        sampling->overhead.switch_ns = overhead_of_switch(&sampling->event);
    }
    sampling->sampler =
        wish->running ? sampler_open_running(pid, &sampling->event, aggregate, sink, why, why_bytes)
                      : sampler_open(pid, &sampling->event, aggregate, sink, why, why_bytes);
    sampling->is_aggregated = aggregate && sampling->sampler;
    return sampling->sampler;
}
