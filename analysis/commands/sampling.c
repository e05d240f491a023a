/* SPDX-License-Identifier: MIT */
#include "sampling.h"

/* What samples may cost, of the program's processor time. */
#define SAMPLING_BUDGET 0.0095

/* Measures what a sample costs before the frequency is settled. */
static void choose_frequency(struct sampling *sampling, const struct sampling_wish *wish)
{
    unsigned highest = perf_event_highest_frequency(), wanted = wish->frequency;
    double budget = wish->budget > 0 ? wish->budget : SAMPLING_BUDGET;
    if (!highest)
        highest = SAMPLING_FREQUENCY_MAX;
    sampling->overhead.sample_ns = overhead_of_sample(&sampling->event);
    if (!wanted)
        wanted = overhead_frequency(sampling->overhead.sample_ns, budget, highest);
    if (wanted > highest)
        sampling->highest = wanted = highest;
    sampling->event.attr.sample_freq = wanted;
}

bool sampling_open(struct sampling *sampling, pid_t pid, const struct sampling_wish *wish,
                   const struct sampler_sink *sink, char *why, size_t why_bytes)
{
    if (!perf_event_choose(pid, SAMPLING_FREQUENCY_MIN, &sampling->event, why, why_bytes))
        return false;
    choose_frequency(sampling, wish);
    sampling->sampler = wish->running
                            ? sampler_open_running(pid, &sampling->event, sink, why, why_bytes)
                            : sampler_open(pid, &sampling->event, sink, why, why_bytes);
    return sampling->sampler;
}
