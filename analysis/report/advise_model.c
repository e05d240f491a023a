/* SPDX-License-Identifier: MIT */
#include "advise_model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *const advise_verdict_names[] = {
    [ADVISE_UNKNOWN] = "unknown",     [ADVISE_SWITCH] = "switch",
    [ADVISE_NOT_WORTH] = "not worth", [ADVISE_NO_MALLOC] = "no malloc",
    [ADVISE_FIXED] = "fixed",         [ADVISE_NOT_SURE] = "not sure",
    [ADVISE_TOO_SHORT] = "too short", [ADVISE_NOT_AGAIN] = "not again",
};

const char *const advise_site_names[] = {
    [ADVISE_SITE_BUSY] = "busy",       [ADVISE_SITE_REUSE] = "reuse",
    [ADVISE_SITE_RESERVE] = "reserve", [ADVISE_SITE_REMOTE] = "remote",
    [ADVISE_SITE_PADDING] = "padding",
};

void advise_report_start(struct advise_report *report, char *const *command)
{
    static const struct estimate unknown = {NAN, NAN, NAN};
    *report = (struct advise_report){
        .command = command,
        .wall_s = NAN,
        .cpu_s = NAN,
        .system_s = NAN,
        .max_rss_kb = NAN,
        .malloc = unknown,
        .kernel_for_malloc = NAN,
        .is_replaced = -1,
        .best = ADVISE_NONE,
        .seconds_needed = NAN,
        .measured = {.faster = unknown,
                     .memory = unknown,
                     .control = unknown,
                     .alone_s = NAN,
                     .alone_user_s = NAN,
                     .alone_system_s = NAN,
                     .user_s = NAN,
                     .system_s = NAN,
                     .alone_kb = NAN},
    };
}

void advise_note(struct advise_report *report, const char *format, ...)
{
    va_list arguments;
    if (report->note_count == ADVISE_NOTES_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(report->notes[report->note_count++], ADVISE_NOTE_BYTES, format, arguments);
    va_end(arguments);
}
