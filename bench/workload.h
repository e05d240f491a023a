/* SPDX-License-Identifier: MIT */
/*
 * What all benchmark programs share: reading their arguments, the clock, resident memory,
 * statistics and the way a result is printed. A workload describes itself in a `struct workload`
 * and hands it to workload_main.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKLOAD_NUMBERS_MAX 8
#define WORKLOAD_RUNS_MAX    100000

enum workload_exit { WORKLOAD_OK = 0, WORKLOAD_FAILED = 1, WORKLOAD_BAD_USAGE = 2 };

/* A whole number that the program must be given. */
struct workload_number {
    const char *name; /* as in the usage line: "WORKING_SET" */
    const char *text; /* for --help */
    uint64_t minimum;
    uint64_t maximum;
};

struct workload_result {
    uint64_t operations;
    double seconds;    /* of the operations alone, without preparing and cleaning up */
    uint64_t checksum; /* depends on every block, so that no work can be left out */
};

struct workload {
    const char *name;
    const char *summary;
    size_t number_count;
    struct workload_number numbers[WORKLOAD_NUMBERS_MAX];

    /* One run; `numbers` in the order above. False: memory ran out. */
    bool (*run)(const uint64_t *numbers, struct workload_result *result);
};

/* The whole of main: --help, --runs, --json, the numbers, the runs and the output. */
int workload_main(int argc, char **argv, const struct workload *workload);

/* Plain decimal digits within [minimum, maximum]; anything else is refused. */
bool workload_parse_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *number);

double workload_seconds(void);      /* CLOCK_MONOTONIC */
uint64_t workload_max_rss_kb(void); /* highest resident set so far, in units of 1024 bytes */

struct statistics {
    double mean, median, deviation, minimum, maximum; /* deviation: of the sample (n - 1) */
};

void statistics_sort(double *values, size_t count);

/* Sorts `values`; count is at least 1. The deviation of one value is 0. */
struct statistics statistics_of(double *values, size_t count);

/* George Marsaglia's xorshift generator with 64 bits of state, which must not be 0. */
static inline uint64_t workload_random(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

/* A number below `bound`, from the upper half of a random one: bound is at most 2^32. */
static inline uint64_t workload_below(uint64_t random, uint64_t bound)
{
    return ((random >> 32) * bound) >> 32;
}

#endif
