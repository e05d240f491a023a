/* SPDX-License-Identifier: MIT */
#include "slow_path_cost.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "slow_path_holder.h"

enum { BATCHES = 40, PAIRS = 50, PAGES = 64 };

/* What a program in the kernel costs at least. Noise can hide it in the difference of two
 * measurements, and what costs nothing would be watched without bound. */
static const double least_ns = 50;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The lower quartile over batches: what disturbs a batch only ever makes it longer. */
static double usual(double (*batch)(void *), void *argument)
{
    double values[BATCHES];
    for (int i = 0; i < BATCHES; i++)
        values[i] = batch(argument);
    qsort(values, BATCHES, sizeof *values, by_value);
    return values[BATCHES / 4];
}

/* Places of their own for what is measured after one another: the programs of before may still be
 * there, and would count the hits a second time. */
static double hits_batch(void *unused)
{
    uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < PAIRS; i++) {
        DTRACE_PROBE2(hakmem_trace, calibrate_begin, 1, CALIBRATION_BYTES);
        DTRACE_PROBE2(hakmem_trace, calibrate_end, 1, 1);
    }
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (2 * PAIRS);
}

static double every_call_batch(void *unused)
{
    uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < PAIRS; i++) {
        DTRACE_PROBE2(hakmem_trace, every_call_malloc, 1, CALIBRATION_BYTES);
        DTRACE_PROBE1(hakmem_trace, every_call_free, 1);
    }
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (2 * PAIRS);
}

static struct bpf_link *attach_own(const struct bpf_program *program, const char *name,
                                   uint64_t cookie)
{
    LIBBPF_OPTS(bpf_usdt_opts, options, .usdt_cookie = cookie);
    return bpf_program__attach_usdt(program, getpid(), "/proc/self/exe", "hakmem_trace", name,
                                    &options);
}

/* Two programs on two probes, and what fires these. */
struct trial {
    const struct bpf_program *programs[2];
    const char *probes[2];
    double (*batch)(void *);
    uint64_t cookie;
};

static double measure(const struct trial *trial)
{
    /* A probe that is not watched is a nop: nothing to be subtracted, and nothing of an earlier
     * watcher, whose probes may still be going, either. */
    double with = -1;
    struct bpf_link *first = attach_own(trial->programs[0], trial->probes[0], trial->cookie);
    struct bpf_link *second =
        first ? attach_own(trial->programs[1], trial->probes[1], trial->cookie) : NULL;
    int error = errno;
    if (second)
        with = usual(trial->batch, NULL);
    int holder = holder_start(NULL, 0);
    bpf_link__destroy(first);
    bpf_link__destroy(second);
    holder_release(holder);
    errno = error;
    return with;
}

double slow_path_cost_of_hit(const struct bpf_program *begin, const struct bpf_program *end,
                             uint64_t cookie)
{
    struct trial trial = {{begin, end}, {"calibrate_begin", "calibrate_end"}, hits_batch, cookie};
    return measure(&trial);
}

double slow_path_cost_of_every_call(const struct bpf_program *malloc_program,
                                    const struct bpf_program *free_program)
{
    struct trial trial = {{malloc_program, free_program},
                          {"every_call_malloc", "every_call_free"},
                          every_call_batch,
                          0};
    return measure(&trial);
}

static double faults_batch(void *pages)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *bytes = pages;
    madvise(pages, PAGES * page, MADV_DONTNEED);
    uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < PAGES; i++)
        bytes[i * page] = 1;
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / PAGES;
}

double slow_path_ns_of_fault(void)
{
    size_t bytes = PAGES * (size_t)sysconf(_SC_PAGESIZE);
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return 0;
    double ns = usual(faults_batch, pages);
    munmap(pages, bytes);
    return ns;
}

static double calls_batch(void *unused)
{
    uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < PAIRS; i++)
        madvise(NULL, 0, MADV_NORMAL);
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / PAIRS;
}

double slow_path_ns_of_call(void)
{
    return usual(calls_batch, NULL);
}

double slow_path_added_ns(double before, double with)
{
    return with - before > least_ns ? with - before : least_ns;
}
