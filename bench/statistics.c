/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "workload.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void statistics_sort(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
}

struct statistics statistics_of(double *values, size_t count)
{
    statistics_sort(values, count);

    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);

    return (struct statistics){
        .mean = mean,
        .median = (values[(count - 1) / 2] + values[count / 2]) / 2,
        .deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 0,
        .minimum = values[0],
        .maximum = values[count - 1],
    };
}
