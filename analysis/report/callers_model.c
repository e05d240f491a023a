/* SPDX-License-Identifier: MIT */
#include "callers_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *const callers_advice_names[] = {
    [CALLERS_REUSE] = "reuse",
    [CALLERS_RESERVE] = "reserve",
    [CALLERS_REMOTE] = "remote",
    [CALLERS_PADDING] = "padding",
};

void callers_report_finish(struct callers_report *report)
{
    free(report->paths);
    free(report->by_time);
    free(report->by_bytes);
    report->paths = NULL;
    report->by_time = report->by_bytes = NULL;
}

void callers_note(struct callers_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == CALLERS_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
