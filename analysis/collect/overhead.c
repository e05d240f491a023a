/* SPDX-License-Identifier: MIT */
#include "overhead.h"

#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "own_thread.h"

enum { PAIRS = 31, RING_PAGES = 16, SAMPLES_A_SECOND = 20000, FAULTS = 128, ROUND_TRIPS = 200 };

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A negative difference is noise around zero. */
static double median(double *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, compare);
    return values[count / 2] > 0 ? values[count / 2] : 0;
}

static void ignore(void *context, const struct perf_event_header *header)
{
    if (header->type == PERF_RECORD_SAMPLE)
        ++*(size_t *)context;
}

/* About a millisecond of work that, like a program, has data in the caches: what an interrupt
 * drives out of them is a part of its cost. */
static double spin(void)
{
    static volatile uint32_t cells[65536];
    uint32_t state = 1;
    double start = now_ns();
    for (int i = 0; i < 300000; i++) {
        state = state * 1664525u + 1013904223u;
        cells[state >> 16] += state;
    }
    return now_ns() - start;
}

/* First touches of fresh pages. */
static double touch(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *pages =
        mmap(NULL, FAULTS * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return 0;
    madvise((void *)pages, FAULTS * page, MADV_NOHUGEPAGE);
    double start = now_ns();
    for (size_t i = 0; i < FAULTS; i++)
        pages[i * page] = 1;
    double taken = now_ns() - start;
    munmap((void *)pages, FAULTS * page);
    return taken;
}

/* `aggregate`: as for overhead_of_sample; NULL: samples come through the ring. */
static double cost_of_samples(const struct perf_event_attr *attr, double (*work)(void),
                              struct aggregate *aggregate)
{
    struct ring ring = {0};
    double costs[PAIRS];
    size_t count = 0;
    int event = own_thread_open(*attr, &ring, RING_PAGES);
    if (event < 0)
        return 0;
    if (aggregate)
        aggregate_attach(aggregate, event);
    for (int pair = 0; pair < PAIRS; pair++) {
        size_t samples = 0;
        uint64_t taken = aggregate ? aggregate_totals(aggregate).taken : 0;
        double without = work();
        ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
        double with = work();
        ioctl(event, PERF_EVENT_IOC_DISABLE, 0);
        ring_drain(&ring, ignore, &samples);
        if (aggregate)
            samples = (size_t)(aggregate_totals(aggregate).taken - taken);
        if (samples)
            costs[count++] = (with - without) / (double)samples;
    }
    ring_unmap(&ring);
    close(event);
    return median(costs, count);
}

static void answer(int from, int to)
{
    char byte;
    while (read(from, &byte, 1) == 1 && write(to, &byte, 1) == 1)
        continue;
    _exit(0);
}

static double round_trips(int to, int from)
{
    char byte = 0;
    double start = now_ns();
    for (int i = 0; i < ROUND_TRIPS; i++) {
        if (write(to, &byte, 1) != 1 || read(from, &byte, 1) != 1)
            return 0;
    }
    return now_ns() - start;
}

/* Opened for each of the two alone: events one inherits from the other are switched at less cost
 * than those of strangers. */
static double cost_of_switch(const struct perf_event_attr *const attrs[2], pid_t other, int to,
                             int from)
{
    double costs[PAIRS];
    for (int pair = 0; pair < PAIRS; pair++) {
        int events[4];
        double without = round_trips(to, from);
        for (int i = 0; i < 4; i++) {
            struct perf_event_attr attr = *attrs[i / 2];
            attr.disabled = attr.enable_on_exec = attr.inherit = 0;
            attr.sample_freq = 1;
            events[i] = perf_event_open_on(&attr, i % 2 ? other : 0, -1);
        }
        double with = round_trips(to, from);
        for (int i = 0; i < 4; i++) {
            if (events[i] >= 0)
                close(events[i]);
        }
        costs[pair] = (with - without) / (2 * ROUND_TRIPS);
    }
    return median(costs, PAIRS);
}

static double measure_switch(const struct perf_event_attr *const attrs[2])
{
    int there[2], back[2];
    cpu_set_t before, one;
    double cost = 0;
    int cpu = sched_getcpu();
    if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof before, &before) != 0)
        return 0;
    if (pipe(there) != 0)
        return 0;
    if (pipe(back) != 0) {
        close(there[0]), close(there[1]);
        return 0;
    }
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    pid_t other = fork();
    if (other == 0) {
        close(there[1]), close(back[0]);
        answer(there[0], back[1]);
    }
    close(there[0]), close(back[1]);
    if (other > 0)
        cost = cost_of_switch(attrs, other, there[1], back[0]);
    close(there[1]), close(back[0]);
    if (other > 0)
        waitpid(other, NULL, 0);
    sched_setaffinity(0, sizeof before, &before);
    return cost;
}

double overhead_of_sample(const struct perf_choice *choice, struct aggregate *aggregate)
{
    struct perf_event_attr clock = choice->attr;
    unsigned highest = perf_event_highest_frequency();
    clock.sample_freq = highest && highest < SAMPLES_A_SECOND ? highest : SAMPLES_A_SECOND;
    if (!aggregate)
        return cost_of_samples(&clock, spin, NULL);
    if (!aggregate_watch(aggregate, getpid()))
        return -1;
    double cost = cost_of_samples(&clock, spin, aggregate);
    aggregate_unwatch(aggregate, getpid());
    if (aggregate_totals(aggregate).taken == 0)
        return -1;
    aggregate_reset(aggregate);
    return cost;
}

double overhead_of_fault(const struct perf_choice *choice)
{
    struct perf_event_attr faults;
    perf_event_page_faults(&faults, choice);
    faults.freq = 0;
    faults.sample_period = 1;
    return cost_of_samples(&faults, touch, NULL);
}

double overhead_of_switch(const struct perf_choice *choice)
{
    struct perf_event_attr faults;
    if (choice->processors)
        return 0; /* the kernel has nothing to switch */
    perf_event_page_faults(&faults, choice);
    return measure_switch((const struct perf_event_attr *const[]){&choice->attr, &faults});
}

unsigned overhead_frequency(double sample_ns, double budget, unsigned highest)
{
    static const unsigned primes[] = {997, 751, 599, 499, 397, 331, 251, 199, 151,
                                      127, 97,  71,  53,  37,  29,  19,  11};
    size_t last = sizeof primes / sizeof primes[0] - 1, i = 0;
    while (i < last && (primes[i] > highest || primes[i] * sample_ns * 1e-9 > budget))
        i++;
    if (primes[i] * sample_ns * 1e-9 > budget)
        return 0;
    return primes[i] < highest ? primes[i] : highest;
}
