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

void count_note(struct count_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == COUNT_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
