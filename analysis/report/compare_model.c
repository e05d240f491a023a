/* SPDX-License-Identifier: MIT */
#include "compare_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const compare_verdict_names[] = {
    [COMPARE_UNKNOWN] = "unknown", [COMPARE_FIRST] = "first",   [COMPARE_IS_CONTROL] = "control",
    [COMPARE_TIE] = "tie",         [COMPARE_BETTER] = "better", [COMPARE_WORSE] = "worse",
};

bool compare_has_failure(const struct compare_report *report)
{
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].failure[0] && !compare_is_floor(report, i))
            return true;
    }
    return false;
}

bool compare_is_mops(const struct compare_report *report)
{
    return report->metric && strstr(report->metric, "M ops/s");
}

void compare_note(struct compare_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == COMPARE_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], sizeof report->notes[0], format, arguments);
    va_end(arguments);
}
