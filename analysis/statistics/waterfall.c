/* SPDX-License-Identifier: MIT */
#include "waterfall.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap.h"
#include "rounds.h"

/* Of each of these a median is taken. */
enum column { MEASURED_A, MEASURED_MORE, WATCHED_A, WATCHED_MORE, COLUMNS };

/* Differences of which there are intervals: the parts', then these. */
enum sum { MEASURED, SUM, KNOWN, UNEXPLAINED, EXPLAINED, SUMS };

struct work {
    const struct waterfall_round *rounds;
    size_t count, parts, unknown;
    size_t *order[COLUMNS]; /* the rounds by that figure */
    uint32_t *times;        /* how often each round was drawn */
    double *resamples;      /* BOOTSTRAP_RESAMPLES of each part and sum, one behind the other */
};

static double figure(const struct waterfall_round *round, enum column column)
{
    const double *of = column < WATCHED_A ? round->measured : round->watched;
    bool is_more = column == MEASURED_MORE || column == WATCHED_MORE;
    return is_more ? of[WATERFALL_B] - of[WATERFALL_A] : of[WATERFALL_A];
}

static void sort(const struct work *work, enum column column)
{
    size_t *order = work->order[column];
    for (size_t i = 0; i < work->count; i++) {
        size_t place = i;
        double own = figure(&work->rounds[i], column);
        for (; place > 0 && figure(&work->rounds[order[place - 1]], column) > own; place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
}

static double at(const struct work *work, enum column column, size_t place)
{
    const size_t *order = work->order[column];
    size_t i = 0;
    for (size_t passed = work->times[order[0]]; passed <= place; passed += work->times[order[i]])
        i++;
    return figure(&work->rounds[order[i]], column);
}

static double median(const struct work *work, enum column column)
{
    return (at(work, column, (work->count - 1) / 2) + at(work, column, work->count / 2)) / 2;
}

static double share(const struct work *work, int side, size_t part)
{
    double sum = 0;
    for (size_t i = 0; i < work->count; i++)
        sum += work->times[i] * work->rounds[i].shares[side][part];
    return sum / (double)work->count;
}

/* Of the rounds as often as they were drawn. */
static void compute(const struct work *work, struct waterfall *to)
{
    double measured = median(work, MEASURED_A), more = median(work, MEASURED_MORE);
    double watched = median(work, WATCHED_A);
    double costs[] = {watched, watched + median(work, WATCHED_MORE)};
    to->measured = (struct waterfall_value){.of = {measured, measured + more}, .difference = more};
    to->sum = to->known = (struct waterfall_value){0};
    for (size_t part = 0; part < work->parts; part++) {
        struct waterfall_value *value = &to->parts[part];
        for (int side = 0; side < WATERFALL_SIDES; side++) {
            value->of[side] = share(work, side, part) * costs[side];
            to->sum.of[side] += value->of[side];
            to->known.of[side] += part == work->unknown ? 0 : value->of[side];
        }
        value->difference = value->of[WATERFALL_B] - value->of[WATERFALL_A];
        to->sum.difference += value->difference;
        to->known.difference += part == work->unknown ? 0 : value->difference;
    }
    to->unexplained =
        (struct waterfall_value){.of = {NAN, NAN}, .difference = more - to->sum.difference};
    to->explained =
        work->parts && more != 0 ? 1 - fabs(more - to->known.difference) / fabs(more) : NAN;
}

static void draw(struct work *work, struct rounds_random *random)
{
    memset(work->times, 0, work->count * sizeof *work->times);
    for (size_t i = 0; i < work->count; i++)
        work->times[rounds_below(random, work->count)]++;
}

static double *resamples_of(const struct work *work, size_t which)
{
    return work->resamples + which * BOOTSTRAP_RESAMPLES;
}

/* Of what is made of medians alone. */
static struct interval middle(const struct work *work, size_t which)
{
    return bootstrap_middle(resamples_of(work, which), 0.95);
}

/* Of what has a mean in it. */
static struct interval wider_middle(const struct work *work, size_t which)
{
    double count = (double)work->count;
    double quantile = sqrt(count / (count - 1)) * interval_student(work->count - 1);
    return bootstrap_middle(resamples_of(work, which), erf(quantile / sqrt(2)));
}

static void find_ranges(struct work *work, uint64_t seed, struct waterfall *to)
{
    struct rounds_random random = {seed};
    struct waterfall drawn;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        draw(work, &random);
        compute(work, &drawn);
        const double sums[SUMS] = {drawn.measured.difference, drawn.sum.difference,
                                   drawn.known.difference, drawn.unexplained.difference,
                                   isnan(drawn.explained) ? -INFINITY : drawn.explained};
        for (size_t part = 0; part < work->parts; part++)
            resamples_of(work, part)[i] = drawn.parts[part].difference;
        for (size_t k = 0; k < SUMS; k++)
            resamples_of(work, work->parts + k)[i] = sums[k];
    }
    for (size_t part = 0; part < work->parts; part++)
        to->parts[part].range = wider_middle(work, part);
    to->measured.range = middle(work, work->parts + MEASURED);
    to->sum.range = middle(work, work->parts + SUM);
    to->known.range = wider_middle(work, work->parts + KNOWN);
    to->unexplained.range = middle(work, work->parts + UNEXPLAINED);
    if (to->measured.range.low > 0 || to->measured.range.high < 0)
        to->explained_range = wider_middle(work, work->parts + EXPLAINED);
}

static void forget(struct waterfall *to)
{
    const struct interval none = {NAN, NAN};
    const struct waterfall_value nothing = {{NAN, NAN}, NAN, none};
    *to = (struct waterfall){.explained = NAN, .explained_range = none};
    to->measured = to->sum = to->known = to->unexplained = nothing;
    for (size_t part = 0; part < WATERFALL_PARTS_MAX; part++)
        to->parts[part] = nothing;
}

static void keep_no_range(struct waterfall *to, size_t parts)
{
    const struct interval none = {NAN, NAN};
    to->measured.range = to->sum.range = to->known.range = to->unexplained.range = none;
    for (size_t part = 0; part < parts; part++)
        to->parts[part].range = none;
}

bool waterfall_make(const struct waterfall_round *rounds, size_t count, size_t parts,
                    size_t unknown, uint64_t seed, struct waterfall *waterfall)
{
    struct work work = {.rounds = rounds, .count = count, .parts = parts, .unknown = unknown};
    forget(waterfall);
    if (count == 0)
        return true;
    size_t *orders = calloc(count * COLUMNS, sizeof *orders);
    work.times = calloc(count, sizeof *work.times);
    work.resamples = calloc((parts + SUMS) * BOOTSTRAP_RESAMPLES, sizeof *work.resamples);
    bool done = orders && work.times && work.resamples;
    for (int column = 0; done && column < COLUMNS; column++) {
        work.order[column] = orders + (size_t)column * count;
        sort(&work, (enum column)column);
    }
    for (size_t i = 0; done && i < count; i++)
        work.times[i] = 1;
    if (done) {
        waterfall->rounds = count;
        compute(&work, waterfall);
        keep_no_range(waterfall, parts);
        if (count >= BOOTSTRAP_COUNT_MIN)
            find_ranges(&work, seed, waterfall);
    }
    free(orders);
    free(work.times);
    free(work.resamples);
    return done;
}
