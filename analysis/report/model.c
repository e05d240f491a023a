/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *const report_group_names[] = {
    [REPORT_APPLICATION] = "application", [REPORT_FACTOR] = "factor",
    [REPORT_ALLOCATOR] = "allocator",     [REPORT_KERNEL_MALLOC] = "kernel for malloc",
    [REPORT_KERNEL] = "kernel",
};

void report_note(struct report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == REPORT_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}

struct report_source *report_add_source(struct report *report, const char *name,
                                        enum report_group group)
{
    if (report->source_count == REPORT_SOURCES_MAX)
        return NULL;
    struct report_source *source = &report->sources[report->source_count++];
    *source = (struct report_source){
        .group = group,
        .ci_low = NAN,
        .ci_high = NAN,
        .ns_per_op = NAN,
    };
    snprintf(source->name, sizeof source->name, "%s", name);
    return source;
}

void report_add_counter(struct report *report, const char *name, const char *text, uint64_t value)
{
    if (report->counter_count == REPORT_COUNTERS_MAX)
        return;
    report->counters[report->counter_count++] = (struct report_counter){
        .name = name,
        .text = text,
        .value = value,
        .per_op = report->operations > 0 ? (double)value / report->operations : NAN,
    };
}

/* Within a bucket, events are taken as spread evenly on the logarithmic scale. */
double report_quantile(const uint64_t *buckets, double part)
{
    double total = 0, before = 0;
    for (size_t b = 0; b < REPORT_BUCKETS; b++)
        total += (double)buckets[b];
    if (!(total > 0))
        return NAN;
    for (size_t b = 0; b < REPORT_BUCKETS; b++) {
        double here = (double)buckets[b];
        if (here > 0 && before + here >= part * total)
            return exp2((double)b + (part * total - before) / here);
        before += here;
    }
    return exp2(REPORT_BUCKETS);
}
