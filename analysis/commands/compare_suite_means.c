/* SPDX-License-Identifier: MIT */
#include "compare_suite_means.h"

#include <math.h>
#include <stdlib.h>

#include "compare_summary.h"
#include "statistics/bootstrap.h"

/* The pairs of a row in every workload that has them. */
struct pairs {
    struct bootstrap_set *sets; /* room for every workload */
    double *ratios;             /* room for every round of each */
    size_t count;
};

static void add_workload(struct pairs *pairs, const struct suite_workload *workload,
                         enum compare_aspect aspect, size_t row, size_t other)
{
    const struct compare_report *report = workload->report;
    if (!suite_has(workload, row) || !suite_has(workload, other))
        return;
    double *ratios = pairs->ratios + pairs->count * report->rounds;
    size_t count = compare_summary_pairs(report, aspect, row, other, ratios);
    bool is_cut = report->interrupted && count < BOOTSTRAP_COUNT_MIN;
    if (count && !is_cut)
        pairs->sets[pairs->count++] = (struct bootstrap_set){ratios, count};
}

static struct suite_mean mean_of(const struct suite_report *suite, struct pairs *pairs,
                                 enum compare_aspect aspect, size_t row, size_t other)
{
    struct suite_mean mean = {NAN, {NAN, NAN}, 0};
    double logarithms = 0;
    pairs->count = 0;
    for (size_t i = 0; i < suite->workload_count; i++)
        add_workload(pairs, &suite->workloads[i], aspect, row, other);
    for (size_t i = 0; i < pairs->count; i++)
        logarithms += log(rounds_summarize(pairs->sets[i].figures, pairs->sets[i].count).median);
    mean.workloads = pairs->count;
    if (pairs->count) {
        mean.mean = exp(logarithms / (double)pairs->count);
        mean.range = bootstrap_geometric_mean(pairs->sets, pairs->count, suite->blank->seed);
    }
    return mean;
}

void suite_means_fill(struct suite_report *suite)
{
    const struct suite_mean unknown = {NAN, {NAN, NAN}, 0};
    const struct compare_report *blank = suite->blank;
    struct pairs pairs = {
        .sets = calloc(suite->workload_count, sizeof *pairs.sets),
        .ratios = calloc(suite->workload_count * blank->rounds, sizeof *pairs.ratios),
    };
    for (size_t i = 0; i < blank->row_count; i++) {
        suite->speed[i] = suite->memory[i] = suite->of_floor[i] = unknown;
        if (!pairs.sets || !pairs.ratios)
            continue;
        suite->speed[i] = mean_of(suite, &pairs, COMPARE_SPEED, i, 0);
        suite->memory[i] = mean_of(suite, &pairs, COMPARE_MEMORY, i, 0);
        if (blank->floor)
            suite->of_floor[i] = mean_of(suite, &pairs, COMPARE_SPEED, i, blank->floor);
    }
    free(pairs.sets);
    free(pairs.ratios);
}
