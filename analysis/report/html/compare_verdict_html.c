/* SPDX-License-Identifier: MIT */
#include "compare_verdict_html.h"

#include <math.h>
#include <string.h>

static bool competes(const struct compare_report *report, size_t row)
{
    return row != 0 && row != COMPARE_CONTROL && !compare_is_floor(report, row) &&
           !report->rows[row].failure[0] && isfinite(report->rows[row].ratio);
}

/* The best of the others; 0: there is none. */
static size_t best_of(const struct compare_report *report)
{
    size_t best = 0;
    for (size_t i = 1; i < report->row_count; i++) {
        if (competes(report, i) && (!best || report->rows[i].ratio > report->rows[best].ratio))
            best = i;
    }
    return best;
}

/* What a ratio is of. */
static const char *merit(const struct compare_report *report)
{
    return !report->metric || compare_is_mops(report) ? "speed" : "figure";
}

/* "glibc, jemalloc and tcmalloc", those that can't be told from the first; returns how many. */
static size_t ties(const struct compare_report *report, char *text, size_t size)
{
    size_t rows[COMPARE_ROWS_MAX], count = 0, used = 0;
    for (size_t i = 1; i < report->row_count; i++) {
        if (competes(report, i) && report->rows[i].verdict == COMPARE_TIE)
            rows[count++] = i;
    }
    text[0] = '\0';
    for (size_t i = 0; i < count && used + 1 < size; i++) {
        char name[COMPARE_NAME_BYTES];
        used += (size_t)snprintf(text + used, size - used, "%s%.40s",
                                 i == 0           ? ""
                                 : i + 1 == count ? " and "
                                                  : ", ",
                                 compare_row_name(report, rows[i], name));
    }
    return count;
}

void compare_verdict(const struct compare_report *report, char text[HTML_WORDS_BYTES])
{
    char first[COMPARE_NAME_BYTES], name[COMPARE_NAME_BYTES], range[64], equal[512];
    size_t best = best_of(report);
    compare_row_name(report, 0, first);
    if (!best || report->rows[0].failure[0]) {
        snprintf(text, HTML_WORDS_BYTES, "There is nothing to compare %.100s with", first);
        return;
    }
    const struct compare_row *row = &report->rows[best];
    compare_row_name(report, best, name);
    size_t equals = ties(report, equal, sizeof equal);
    compare_estimate_text(row->ratio, row->ratio_low, row->ratio_high, 3, "", range);
    int used;
    if (row->verdict == COMPARE_UNKNOWN)
        used = snprintf(text, HTML_WORDS_BYTES,
                        "Too few rounds to say who is best: %.100s has %s times %.100s's %s", name,
                        range, first, merit(report));
    else if (row->verdict == COMPARE_BETTER)
        used = snprintf(text, HTML_WORDS_BYTES, "%.100s is the best: %s times %.100s's %s", name,
                        range, first, merit(report));
    else if (row->verdict == COMPARE_TIE)
        used = snprintf(text, HTML_WORDS_BYTES,
                        "None is seen to beat %.100s; %s can't be told from it", first, equal);
    else
        used = snprintf(text, HTML_WORDS_BYTES,
                        "%.100s is the best; the next, %.100s, has %s of its %s", first, name,
                        range, merit(report));
    if (used > 0 && used < HTML_WORDS_BYTES && row->verdict == COMPARE_BETTER && equals)
        snprintf(text + used, (size_t)(HTML_WORDS_BYTES - used), "; %s can't be told from %.100s",
                 equal, first);
}
