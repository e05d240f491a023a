/* SPDX-License-Identifier: MIT */
#include "slow_path_cost.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <time.h>
#include <unistd.h>

#include "slow_path_holder.h"

enum { BATCHES = 40, PAIRS = 50, PAGES = 64 };

/* What a program on a tracepoint costs at least. Noise can hide it in the difference of two
 * measurements, and what costs nothing would be watched without bound. */
static const double least_fault_ns = 50;

static double thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

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

static void fire_pair(void)
{
    DTRACE_PROBE(hakmem_trace, calibrate_begin);
    DTRACE_PROBE(hakmem_trace, calibrate_end);
}

static double hits_batch(void *unused)
{
    double start = thread_ns();
    for (int i = 0; i < PAIRS; i++)
        fire_pair();
    return (thread_ns() - start) / (2 * PAIRS);
}

static struct bpf_link *attach_own(const struct bpf_program *program, const char *name,
                                   uint64_t cookie)
{
    LIBBPF_OPTS(bpf_usdt_opts, options, .usdt_cookie = cookie);
    return bpf_program__attach_usdt(program, getpid(), "/proc/self/exe", "hakmem_trace", name,
                                    &options);
}

double slow_path_cost_of_hit(const struct bpf_program *begin, const struct bpf_program *end,
                             uint64_t cookie)
{
    /* A probe that is not watched is a nop: nothing to be subtracted, and nothing of an earlier
     * watcher, whose probes may still be going, either. */
    double with = -1;
    struct bpf_link *second = NULL, *first = attach_own(begin, "calibrate_begin", cookie);
    if (first)
        second = attach_own(end, "calibrate_end", cookie);
    int error = errno;
    if (second)
        with = usual(hits_batch, NULL);
    int holder = holder_start(NULL, 0);
    bpf_link__destroy(first);
    bpf_link__destroy(second);
    holder_release(holder);
    errno = error;
    return with;
}

static double faults_batch(void *pages)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *bytes = pages;
    madvise(pages, PAGES * page, MADV_DONTNEED);
    double start = thread_ns();
    for (size_t i = 0; i < PAGES; i++)
        bytes[i * page] = 1;
    return (thread_ns() - start) / PAGES;
}

double slow_path_cost_of_fault(const struct bpf_program *fault)
{
    size_t bytes = PAGES * (size_t)sysconf(_SC_PAGESIZE);
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return -1;
    /* Before and after: on a busy machine a fault gets dearer and cheaper from one moment to the
     * next. */
    double before = usual(faults_batch, pages), with = -1;
    struct bpf_link *link = bpf_program__attach(fault);
    int error = errno;
    if (link)
        with = usual(faults_batch, pages);
    bpf_link__destroy(link);
    double without = (before + usual(faults_batch, pages)) / 2;
    munmap(pages, bytes);
    errno = error;
    return with < 0 ? -1 : with - without > least_fault_ns ? with - without : least_fault_ns;
}
