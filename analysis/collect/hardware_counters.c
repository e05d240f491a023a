/* SPDX-License-Identifier: MIT */
#include "hardware_counters.h"

#include <linux/perf_event.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "perf_event.h"

#define TLB_LOAD_MISSES                                                                            \
    (PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_OP_READ << 8 |                                 \
     PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

static const struct {
    uint32_t type;
    uint64_t config;
} events[HARDWARE_COUNTERS] = {
    [HARDWARE_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    [HARDWARE_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    [HARDWARE_BRANCHES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
    [HARDWARE_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    [HARDWARE_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    [HARDWARE_TLB_MISSES] = {PERF_TYPE_HW_CACHE, TLB_LOAD_MISSES},
};

void hardware_counters_close(struct hardware_counters *counters)
{
    for (size_t i = 0; i < HARDWARE_COUNTERS; i++) {
        if (counters->of[i] >= 0)
            close(counters->of[i]);
        counters->of[i] = -1;
    }
}

bool hardware_counters_open(struct hardware_counters *counters)
{
    for (size_t i = 0; i < HARDWARE_COUNTERS; i++) {
        struct perf_event_attr attr = {
            .size = sizeof attr,
            .type = events[i].type,
            .config = events[i].config,
            .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
            .disabled = 1,
            .inherit = 1,
            .enable_on_exec = 1,
            .exclude_kernel = 1,
            .exclude_hv = 1,
        };
        counters->of[i] = perf_event_open_on(&attr, 0, -1);
    }
    if (counters->of[HARDWARE_CYCLES] >= 0 && counters->of[HARDWARE_INSTRUCTIONS] >= 0)
        return true;
    hardware_counters_close(counters);
    return false;
}

double hardware_counters_read(const struct hardware_counters *counters, enum hardware_counter which)
{
    struct {
        uint64_t value, enabled, running;
    } out;
    int counter = counters->of[which];
    if (counter < 0 || read(counter, &out, sizeof out) != (ssize_t)sizeof out || out.running == 0)
        return NAN;
    return (double)out.value * ((double)out.enabled / (double)out.running);
}
