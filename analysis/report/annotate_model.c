/* SPDX-License-Identifier: MIT */
#include "annotate_model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void annotate_note(struct annotate_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == ANNOTATE_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}

double annotate_share(const struct annotate_samples *part, const struct annotate_samples *whole)
{
    return whole->weight ? (double)part->weight / (double)whole->weight : NAN;
}

void annotate_samples_add(struct annotate_samples *sum, const struct annotate_samples *samples)
{
    sum->count += samples->count;
    sum->weight += samples->weight;
}
