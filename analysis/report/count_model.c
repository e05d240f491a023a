/* SPDX-License-Identifier: MIT */
#include "count_model.h"

#include <stdarg.h>
#include <stdio.h>

const char *const count_kind_names[COUNT_KINDS] = {
    [COUNT_MALLOC] = "malloc",   [COUNT_CALLOC] = "calloc", [COUNT_REALLOC] = "realloc",
    [COUNT_ALIGNED] = "aligned", [COUNT_FREE] = "free",
};

const char *const count_group_names[] = {
    [COUNT_FACTOR] = "factor",
    [COUNT_ALLOCATOR] = "allocator",
    [COUNT_ELSEWHERE] = "elsewhere",
};

const char count_fast_path[] = "fast";

void count_effects_add(struct count_effects *sum, const struct count_effects *effects)
{
    sum->instructions += effects->instructions;
    sum->loads += effects->loads;
    sum->stores += effects->stores;
    sum->branches += effects->branches;
}

/* The least figure that is not below `percent` of them. */
static uint64_t ranked(const uint32_t *sorted, size_t count, size_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

struct count_spread count_spread_of(const uint32_t *sorted, size_t count)
{
    if (!count)
        return (struct count_spread){0};
    return (struct count_spread){.least = sorted[0],
                                 .median = ranked(sorted, count, 50),
                                 .p90 = ranked(sorted, count, 90),
                                 .p99 = ranked(sorted, count, 99),
                                 .most = sorted[count - 1]};
}

void count_note(struct count_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == COUNT_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
