/* SPDX-License-Identifier: MIT */
#include "callers_measure.h"

#include <math.h>
#include <stdlib.h>

#include "statistics/interval.h"

static const struct estimate unknown = {NAN, NAN, NAN};

static struct estimate estimate_of(double sum, double variance)
{
    struct interval interval = interval_of_sum(sum, variance, INTERVAL_95);
    return (struct estimate){sum, interval.low, interval.high};
}

/* Sums over all calls, and the squares that say how well they are known. */
struct sums {
    double calls, call_variance, call_squares;
    double bytes, byte_variance, byte_squares;
};

static struct sums sum_of(const struct callers_call *calls, size_t count)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        double w = calls[i].weight, x = w * (double)calls[i].size, left_out = 1 - 1 / w;
        sums.calls += w;
        sums.call_squares += w * w;
        sums.call_variance += left_out * w * w;
        sums.bytes += x;
        sums.byte_squares += x * x;
        sums.byte_variance += left_out * x * x;
    }
    return sums;
}

static double effective(double sum, double squares)
{
    return squares > 0 ? sum * sum / squares : 0;
}

static struct estimate part_of(double part, double whole, double samples)
{
    if (!(whole > 0))
        return unknown;
    double share = fmin(1, part / whole);
    struct interval interval = interval_of_share(share, samples, INTERVAL_95);
    return (struct estimate){share, interval.low, interval.high};
}

void callers_measure_all(const struct callers_call *calls, size_t count,
                         struct callers_report *report)
{
    struct sums sums = sum_of(calls, count);
    report->calls = estimate_of(sums.calls, sums.call_variance);
    report->bytes = estimate_of(sums.bytes, sums.byte_variance);
    report->effective_calls = effective(sums.calls, sums.call_squares);
    report->effective_bytes = effective(sums.bytes, sums.byte_squares);
}

/* A sample's value that a median is taken of. */
struct weighted {
    double value, weight;
};

struct list {
    struct weighted *items;
    size_t count;
};

static int by_value(const void *a, const void *b)
{
    const struct weighted *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static void put(struct list *list, double value, double weight)
{
    list->items[list->count++] = (struct weighted){value, weight};
}

/* The least value that so much of the weight does not exceed. Sorted; NAN of none. */
static double quantile_of(const struct list *list, double part)
{
    double all = 0, below = 0;
    for (size_t i = 0; i < list->count; i++)
        all += list->items[i].weight;
    for (size_t i = 0; i < list->count; i++) {
        below += list->items[i].weight;
        if (below >= part * all)
            return list->items[i].value;
    }
    return NAN;
}

/* The list is used up. */
static double median_of(struct list *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_value);
    double median = quantile_of(list, 0.5);
    list->count = 0;
    return median;
}

static void measure_sizes(const struct callers_call *calls, size_t count, struct list *list,
                          struct callers_path *path)
{
    for (size_t i = 0; i < count; i++)
        put(list, (double)calls[i].size, calls[i].weight);
    qsort(list->items, list->count, sizeof *list->items, by_value);
    path->size_low = (uint64_t)quantile_of(list, 0.1);
    path->size = (uint64_t)quantile_of(list, 0.5);
    path->size_high = (uint64_t)quantile_of(list, 0.9);
    list->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (calls[i].size == path->size)
            path->usable = calls[i].usable;
    }
}

/* With a sixteenth less than it asks for, at least a sixteenth less would be taken. */
static bool is_above_class(const struct callers_call *call)
{
    return call->below && call->below < call->size &&
           call->usable - call->below >= call->usable / 16;
}

/* Weights of the calls for which something holds. */
struct counted {
    double all, some;
};

static void count_in(struct counted *counted, bool holds, double weight)
{
    counted->all += weight;
    counted->some += holds ? weight : 0;
}

static struct estimate share_of(const struct counted *counted, double samples)
{
    return part_of(counted->some, counted->all, samples);
}

static void measure_classes(const struct callers_call *calls, size_t count,
                            struct callers_path *path)
{
    struct counted above = {0};
    path->below = 0;
    path->wasted = 0;
    for (size_t i = 0; i < count; i++) {
        const struct callers_call *call = &calls[i];
        bool is_above = is_above_class(call);
        count_in(&above, is_above, call->weight);
        if (!is_above)
            continue;
        path->wasted += call->weight * (double)(call->usable - call->below);
        path->below = call->size == path->size ? call->below : path->below;
    }
    path->above = share_of(&above, path->effective);
}

static bool is_brief(const struct callers_call *call, const struct callers_path *path)
{
    return call->end == FOLLOW_FREED && !call->is_remote && call->size == path->size &&
           call->lifetime_calls <= CALLERS_BRIEF_CALLS;
}

static void measure_ends(const struct callers_call *calls, size_t count, struct callers_path *path)
{
    struct counted one_size = {0}, freed = {0}, moved = {0}, remote = {0}, brief = {0};
    for (size_t i = 0; i < count; i++) {
        const struct callers_call *call = &calls[i];
        count_in(&one_size, call->size == path->size, call->weight);
        count_in(&freed, call->end == FOLLOW_FREED, call->weight);
        count_in(&moved, call->end == FOLLOW_REALLOCATED, call->weight);
        count_in(&brief, is_brief(call, path), call->weight);
        if (call->end == FOLLOW_FREED)
            count_in(&remote, call->is_remote, call->weight);
    }
    path->one_size = share_of(&one_size, path->effective);
    path->brief = share_of(&brief, path->effective);
    path->freed = freed.some / freed.all;
    path->reallocated = moved.some / moved.all;
    path->live = fmax(0, 1 - path->freed - path->reallocated);
    path->remote = share_of(&remote, path->effective * path->freed);
}

static void measure_lifetimes(const struct callers_call *calls, size_t count, struct list *list,
                              struct callers_path *path)
{
    for (size_t i = 0; i < count; i++) {
        if (calls[i].end == FOLLOW_FREED)
            put(list, (double)calls[i].lifetime, calls[i].weight);
    }
    path->lifetime_ns = median_of(list);
    for (size_t i = 0; i < count; i++) {
        if (calls[i].end == FOLLOW_FREED && !calls[i].is_remote)
            put(list, (double)calls[i].lifetime_calls, calls[i].weight);
    }
    path->lifetime_calls = median_of(list);
}

/* The ratio of two sums over the same sample; its variance to first order (the delta method: W. G.
 * Cochran, "Sampling Techniques", Wiley, 1977, section 2.11): each sample adds (w (a - r b))^2. */
static struct estimate grown_of(const struct callers_call *calls, size_t count)
{
    double grown = 0, final = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        if (calls[i].before)
            grown += calls[i].weight;
        if (calls[i].end != FOLLOW_REALLOCATED)
            final += calls[i].weight;
    }
    if (!(grown > 0) || !(final > 0))
        return unknown;
    double ratio = grown / final;
    for (size_t i = 0; i < count; i++) {
        double a = calls[i].before > 0, b = calls[i].end != FOLLOW_REALLOCATED;
        squares += pow(calls[i].weight * (a - ratio * b), 2);
    }
    return estimate_of(ratio, squares / (final * final));
}

static void measure_growth(const struct callers_call *calls, size_t count, struct list *list,
                           struct callers_path *path)
{
    for (size_t i = 0; i < count; i++) {
        path->realloc_calls += calls[i].before ? calls[i].weight : 0;
        if (calls[i].before && calls[i].size > calls[i].before)
            put(list, (double)calls[i].size / (double)calls[i].before, calls[i].weight);
    }
    path->growth = median_of(list);
    for (size_t i = 0; i < count; i++) {
        if (calls[i].end != FOLLOW_REALLOCATED)
            put(list, (double)calls[i].size, calls[i].weight);
    }
    double final = median_of(list);
    path->final_size = isnan(final) ? 0 : (uint64_t) final;
    path->grown = grown_of(calls, count);
}

static void measure_nothing(struct callers_path *path)
{
    path->calls = path->bytes = (struct estimate){0, 0, 0};
    path->call_share = path->byte_share = unknown;
    path->one_size = path->above = path->remote = path->brief = path->grown = unknown;
    path->freed = path->reallocated = path->live = path->lifetime_ns = path->lifetime_calls = NAN;
    path->growth = NAN;
}

bool callers_measure_calls(const struct callers_call *calls, size_t count,
                           const struct callers_report *report, struct callers_path *path)
{
    struct sums sums = sum_of(calls, count);
    measure_nothing(path);
    path->samples = count;
    if (count == 0)
        return true;
    struct list list = {.items = calloc(count, sizeof *list.items)};
    if (!list.items)
        return false;
    path->effective = effective(sums.calls, sums.call_squares);
    path->calls = estimate_of(sums.calls, sums.call_variance);
    path->bytes = estimate_of(sums.bytes, sums.byte_variance);
    path->call_share = part_of(sums.calls, report->calls.value, report->effective_calls);
    path->byte_share = part_of(sums.bytes, report->bytes.value, report->effective_bytes);
    measure_sizes(calls, count, &list, path);
    measure_classes(calls, count, path);
    measure_ends(calls, count, path);
    measure_lifetimes(calls, count, &list, path);
    measure_growth(calls, count, &list, path);
    free(list.items);
    return true;
}
