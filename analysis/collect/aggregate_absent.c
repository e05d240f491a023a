/* SPDX-License-Identifier: MIT */
/* aggregate.h where eBPF was not built in: nothing is ever loaded, so the rest is never called. */
#include "aggregate.h"

#include <stdio.h>

struct aggregate *aggregate_load(unsigned entries, char why[256])
{
    snprintf(
        why, 256,
        "eBPF was not built in: install clang, bpftool, libbpf-dev, systemtap-sdt-dev and rebuild");
    return NULL;
}

void aggregate_unload(struct aggregate *aggregate)
{
}

bool aggregate_attach(struct aggregate *aggregate, int event)
{
    return false;
}

bool aggregate_watch(struct aggregate *aggregate, pid_t pid)
{
    return false;
}

void aggregate_unwatch(struct aggregate *aggregate, pid_t pid)
{
}

void aggregate_drain(struct aggregate *aggregate,
                     void (*take)(void *context, const struct time_sample *sample, uint64_t began),
                     void *context)
{
}

void aggregate_turn(struct aggregate *aggregate)
{
}

void aggregate_reset(struct aggregate *aggregate)
{
}

struct aggregate_totals aggregate_totals(const struct aggregate *aggregate)
{
    return (struct aggregate_totals){0};
}

double aggregate_fault_ns(const struct aggregate *aggregate)
{
    return 0;
}
