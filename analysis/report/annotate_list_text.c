/* SPDX-License-Identifier: MIT */
#include "annotate_list_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What stands behind the names. */
enum { FIGURES_COLUMNS = 47, NAME_COLUMNS_MAX = 60 };

void annotate_print_share(const struct annotate_samples *part, const struct annotate_samples *whole,
                          const struct terminal *terminal)
{
    double share = annotate_share(part, whole);
    if (isnan(share))
        fprintf(terminal->stream, "%7s", "-");
    else
        fprintf(terminal->stream, "%5.1f %%", 100 * share);
}

void annotate_print_cut(const char *text, int columns, bool fill, const struct terminal *terminal)
{
    char cut[256];
    int length = (int)strlen(text), most = columns < 255 ? columns : 255;
    if (length <= most)
        snprintf(cut, sizeof cut, "%s", text);
    else
        snprintf(cut, sizeof cut, "%.*s~", most > 1 ? most - 1 : 1, text);
    terminal_text(terminal, cut);
    if (fill && length < columns)
        fprintf(terminal->stream, "%*s", columns - length, "");
}

void annotate_print_list(const struct annotate_report *report, const struct terminal *terminal)
{
    int columns = terminal->width - FIGURES_COLUMNS - 2;
    if (columns > NAME_COLUMNS_MAX)
        columns = NAME_COLUMNS_MAX;
    terminal_bold(terminal, true);
    fprintf(terminal->stream, "\n  %-*s%10s%13s%8s%8s%8s\n", columns, "function", "calls",
            "instructions", "of all", "samples", "time");
    terminal_bold(terminal, false);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct annotate_row *row = &report->rows[i];
        double part = report->instructions
                          ? 100 * (double)row->instructions / (double)report->instructions
                          : 0;
        fputs("  ", terminal->stream);
        annotate_print_cut(row->name, columns, true, terminal);
        fprintf(terminal->stream, "%10" PRIu64 "%13" PRIu64 "%6.1f %%%8" PRIu64, row->calls,
                row->instructions, part, row->samples.count);
        fputc(' ', terminal->stream);
        annotate_print_share(&row->samples, &report->samples, terminal);
        fputc('\n', terminal->stream);
    }
}
