/* SPDX-License-Identifier: MIT */
#include "clock_cost.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "own_thread.h"
#include "processor.h"

enum { BATCHES = 50, CALLS = 2000, RING_PAGES = 64 };
#define WATCHED_S 0.2

static double now_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static void call_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
}

static void read_cycles(void)
{
    processor_cycles();
}

/* The quickest batch: what disturbs a batch only ever makes it longer. */
static double cost_of(void (*read_it)(void))
{
    double least = INFINITY;
    for (int batch = 0; batch < BATCHES; batch++) {
        double start = now_ns(CLOCK_MONOTONIC);
        for (int i = 0; i < CALLS; i++)
            read_it();
        least = fmin(least, (now_ns(CLOCK_MONOTONIC) - start) / CALLS);
    }
    return least;
}

static double least_step(void)
{
    double least = INFINITY, before = now_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < CALLS; i++) {
        double now = now_ns(CLOCK_MONOTONIC);
        if (now > before)
            least = fmin(least, now - before);
        before = now;
    }
    return least;
}

void clock_cost_measure(struct clock_cost *cost)
{
    uint64_t cycles = processor_cycles();
    double start = now_ns(CLOCK_MONOTONIC);
    *cost = (struct clock_cost){cost_of(call_clock), least_step(), NAN, NAN};
    if (!processor_has_counter)
        return;
    cost->cycles_ns = cost_of(read_cycles);
    cost->cycles_per_ns = (double)(processor_cycles() - cycles) / (now_ns(CLOCK_MONOTONIC) - start);
}

static void count(void *context, const struct perf_event_header *header)
{
    if (header->type == PERF_RECORD_SAMPLE)
        ++*(uint64_t *)context;
}

double clock_samples_a_second(unsigned hz)
{
    struct ring ring = {0};
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_CPU_CLOCK,
        .freq = 1,
        .sample_freq = hz,
        .sample_type = PERF_SAMPLE_IP,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    uint64_t samples = 0;
    int event = own_thread_open(attr, &ring, RING_PAGES);
    if (event < 0)
        return -1;
    double start = now_ns(CLOCK_THREAD_CPUTIME_ID), now = start;
    ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
    while (now - start < 1e9 * WATCHED_S) {
        for (int i = 0; i < CALLS; i++)
            call_clock();
        ring_drain(&ring, count, &samples);
        now = now_ns(CLOCK_THREAD_CPUTIME_ID);
    }
    ioctl(event, PERF_EVENT_IOC_DISABLE, 0);
    ring_drain(&ring, count, &samples);
    ring_unmap(&ring);
    close(event);
    return 1e9 * (double)samples / (now - start);
}
