/* SPDX-License-Identifier: MIT */
#include "doctor_model.h"

#include <stdarg.h>
#include <stdio.h>

const char *const doctor_state_names[] = {[DOCTOR_OK] = "ok",
                                          [DOCTOR_LIMITED] = "limited",
                                          [DOCTOR_MISSING] = "missing",
                                          [DOCTOR_UNSAFE] = "unsafe"};

struct doctor_line *doctor_add(struct doctor_report *report, const char *group, const char *name,
                               enum doctor_state state, const char *found, ...)
{
    va_list arguments;
    /* All lines are known when this is built, so the table is never too short; were it, the last
     * would be overwritten. */
    if (report->line_count < DOCTOR_LINES_MAX)
        report->line_count++;
    struct doctor_line *line = &report->lines[report->line_count - 1];
    *line = (struct doctor_line){.group = group, .name = name, .state = state};
    va_start(arguments, found);
    vsnprintf(line->found, sizeof line->found, found, arguments);
    va_end(arguments);
    return line;
}

void doctor_remedy(struct doctor_line *line, const char *remedy, ...)
{
    va_list arguments;
    if (line->state == DOCTOR_OK)
        return;
    va_start(arguments, remedy);
    vsnprintf(line->remedy, sizeof line->remedy, remedy, arguments);
    va_end(arguments);
}

void doctor_figure(struct doctor_line *line, const char *name, double value)
{
    if (line->figure_count < DOCTOR_FIGURES_MAX)
        line->figures[line->figure_count++] = (struct doctor_figure){name, value};
}

void doctor_tier_text(const struct doctor_tier *tier, char *text, size_t bytes)
{
    if (tier->event)
        snprintf(text, bytes, "%s, %s at %u Hz, %s, %s",
                 tier->processors ? "whole processors" : "own threads only", tier->event,
                 tier->frequency, tier->kernel ? "kernel included" : "user part only",
                 tier->slow_path ? "eBPF slow paths" : "no slow paths");
    else
        snprintf(text, bytes, "no sampling: counters %s",
                 tier->slow_path ? "and eBPF slow paths" : "only");
}
