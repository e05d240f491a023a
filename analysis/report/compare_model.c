/* SPDX-License-Identifier: MIT */
#include "compare_model.h"

#include <stdarg.h>
#include <stdio.h>

const char *const compare_verdict_names[] = {
    [COMPARE_UNKNOWN] = "unknown", [COMPARE_FIRST] = "first",   [COMPARE_IS_CONTROL] = "control",
    [COMPARE_TIE] = "tie",         [COMPARE_BETTER] = "better", [COMPARE_WORSE] = "worse",
};

void compare_note(struct compare_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == COMPARE_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
