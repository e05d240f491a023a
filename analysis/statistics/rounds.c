/* SPDX-License-Identifier: MIT */
#include "rounds.h"

#include <math.h>
#include <stdlib.h>

uint64_t rounds_next(struct rounds_random *source)
{
    uint64_t mixed = source->state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

/* The numbers above the last multiple of `limit` would make small results likelier. */
uint64_t rounds_below(struct rounds_random *source, uint64_t limit)
{
    uint64_t surplus = (UINT64_MAX % limit + 1) % limit, number;
    do
        number = rounds_next(source);
    while (number > UINT64_MAX - surplus);
    return number % limit;
}

void rounds_shuffle(struct rounds_random *source, size_t *order, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = rounds_below(source, i), last = order[i - 1];
        order[i - 1] = order[other];
        order[other] = last;
    }
}

static int by_value(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

struct rounds_summary rounds_summarize(double *figures, size_t count)
{
    struct rounds_summary summary = {NAN, NAN, NAN, NAN, NAN, NAN};
    double sum = 0, squares = 0;
    if (!count)
        return summary;
    qsort(figures, count, sizeof *figures, by_value);
    for (size_t i = 0; i < count; i++)
        sum += figures[i];
    summary.mean = sum / (double)count;
    summary.median = (figures[(count - 1) / 2] + figures[count / 2]) / 2;
    summary.min = figures[0];
    summary.max = figures[count - 1];
    if (count == 1)
        return summary;
    for (size_t i = 0; i < count; i++)
        squares += (figures[i] - summary.mean) * (figures[i] - summary.mean);
    summary.stdev = sqrt(squares / (double)(count - 1));
    summary.cv = summary.stdev / summary.mean;
    return summary;
}
