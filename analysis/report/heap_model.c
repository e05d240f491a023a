/* SPDX-License-Identifier: MIT */
#include "heap_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const heap_when_names[HEAP_WHENS] = {"allocated", "peak", "exit"};

void heap_report_finish(struct heap_report *report)
{
    for (int when = 0; when < HEAP_WHENS; when++)
        free(report->by[when]);
    free(report->moments);
    free(report->paths);
    free(report->frames);
    memset(report, 0, sizeof *report);
}

void heap_note(struct heap_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == HEAP_NOTES_MAX)
        return;
    char *note = report->notes[report->note_count++];
    va_start(arguments, format);
    vsnprintf(note, sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
