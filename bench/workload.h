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

/* A whole number that the program must be given, or one that it may be given. */
struct workload_number {
    const char *name; /* "WORKING_SET" in the usage line; of an option "threads" for --threads */
    const char *text; /* for --help */
    uint64_t minimum;
    uint64_t maximum;
    uint64_t fallback; /* of an option that is not given */
};

struct workload_result {
    uint64_t operations;
    double seconds;    /* of the operations alone, without preparing and cleaning up */
    uint64_t checksum; /* depends on every block, so that no work can be left out */

    /* Where memory is the point: what was resident at the moment the workload is about, and what
     * the program itself held then. 0: not measured. */
    uint64_t resident_kb;
    uint64_t live_kb;
};

struct workload {
    const char *name;
    const char *summary;
    size_t number_count;
    struct workload_number numbers[WORKLOAD_NUMBERS_MAX];
    size_t option_count; /* at most WORKLOAD_NUMBERS_MAX together with the numbers */
    struct workload_number options[WORKLOAD_NUMBERS_MAX];

    /* An argument that is no number, a file's name for one: after the numbers. NULL: there is none.
     * It is handed to `prepare`, once before the first run; false after one line on stderr. */
    const char *text;
    const char *text_help;
    bool (*prepare)(const char *text, const uint64_t *numbers);

    /* One run; the numbers first, then the options, in the order above. The same values give the
     * same checksum, whatever the threads' order. False: memory or threads ran out. */
    bool (*run)(const uint64_t *numbers, struct workload_result *result);
};

/* The whole of main: --help, --runs, --seconds, --json, the numbers, the runs and the output. */
int workload_main(int argc, char **argv, const struct workload *workload);

/* Plain decimal digits within [minimum, maximum]; anything else is refused. */
bool workload_parse_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *number);

double workload_seconds(void);      /* CLOCK_MONOTONIC */
uint64_t workload_max_rss_kb(void); /* highest resident set so far, in units of 1024 bytes */
uint64_t workload_rss_kb(void);     /* resident set now */

/* Malloc and free of a small block every millisecond, so that an allocator can notice that memory
 * has fallen idle. */
void workload_settle(uint64_t milliseconds);

/* Memory that does not come from the allocator under test; zeroed. NULL: there is none. */
void *workload_map(size_t bytes);
void workload_unmap(void *memory, size_t bytes);

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

/* The start of one thread's random numbers: never 0, and no thread's is another's. */
static inline uint64_t workload_stream(uint64_t seed, uint64_t thread)
{
    uint64_t x = seed + (thread + 1) * 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9;
    return (x ^ (x >> 29)) | 1;
}

/* The compiler must take it that somebody reads and writes the block here. */
static inline void workload_use(void *block)
{
    __asm__ volatile("" : : "r"(block) : "memory");
}

/* Marks both ends of a block; workload_read_ends gives the marks back, mixed into one number. */
static inline void workload_write_ends(unsigned char *block, size_t size, uint64_t random)
{
    block[0] = (unsigned char)random;
    block[size - 1] = (unsigned char)(random >> 8);
}

static inline uint64_t workload_read_ends(const unsigned char *block, size_t size)
{
    return block[0] + ((uint64_t)block[size - 1] << 8);
}

/* Writes one byte in every `step`, and the last; read by workload_sum. */
static inline void workload_touch(unsigned char *block, size_t size, size_t step, uint64_t random)
{
    for (size_t i = 0; i < size; i += step)
        block[i] = (unsigned char)(random + i / step);
    block[size - 1] = (unsigned char)(random >> 8);
}

static inline uint64_t workload_sum(const unsigned char *block, size_t size, size_t step)
{
    uint64_t sum = block[size - 1];
    for (size_t i = 0; i < size; i += step)
        sum = sum * 31 + block[i];
    return sum;
}

#endif
