/* SPDX-License-Identifier: MIT */
#include "doctor_text.h"

#include <string.h>

#include "terminal.h"

enum { TEXT_COLUMN = 32 };

static void print_line(const struct terminal *terminal, const struct doctor_line *line)
{
    static const enum terminal_colour colours[] = {[DOCTOR_OK] = TERMINAL_GREEN,
                                                   [DOCTOR_LIMITED] = TERMINAL_YELLOW,
                                                   [DOCTOR_MISSING] = TERMINAL_RED,
                                                   [DOCTOR_UNSAFE] = TERMINAL_MAGENTA};
    fputs("  ", terminal->stream);
    terminal_colour(terminal, colours[line->state]);
    fprintf(terminal->stream, "%-8s", doctor_state_names[line->state]);
    terminal_colour(terminal, TERMINAL_PLAIN);
    fprintf(terminal->stream, "%-*s ", TEXT_COLUMN - 11, line->name);
    terminal_wrapped(terminal, line->found, TEXT_COLUMN, TEXT_COLUMN);
    if (!line->remedy[0])
        return;
    fprintf(terminal->stream, "%*s", TEXT_COLUMN, "-> ");
    terminal_wrapped(terminal, line->remedy, TEXT_COLUMN, TEXT_COLUMN);
}

static void print_why(const struct terminal *terminal, const char *why)
{
    if (!why[0])
        return;
    fputs("      ", terminal->stream);
    terminal_wrapped(terminal, why, 6, 6);
}

void doctor_print_text(const struct doctor_report *report, FILE *stream)
{
    struct terminal terminal;
    const char *group = "";
    char tier[160];
    size_t states[DOCTOR_UNSAFE + 1] = {0};
    terminal_start(&terminal, stream);
    for (size_t i = 0; i < report->line_count; i++) {
        const struct doctor_line *line = &report->lines[i];
        if (strcmp(group, line->group) != 0) {
            terminal_bold(&terminal, true);
            fputs(line->group, stream);
            terminal_bold(&terminal, false);
            fputc('\n', stream);
        }
        group = line->group;
        states[line->state]++;
        print_line(&terminal, line);
    }
    for (int state = DOCTOR_OK; state <= DOCTOR_UNSAFE; state++)
        fprintf(stream, "%s%zu %s", state ? ", " : "", states[state], doctor_state_names[state]);
    doctor_tier_text(&report->tier, tier, sizeof tier);
    fputs("\ntier: ", stream);
    terminal_wrapped(&terminal, tier, 6, 6);
    print_why(&terminal, report->tier.no_samples);
    print_why(&terminal, report->tier.no_slow_path);
}
