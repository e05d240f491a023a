/* SPDX-License-Identifier: MIT */
#include "compare_suite_losses.h"

#include <string.h>

#include "compare_short_name.h"

enum { WORDS_BYTES = 2 * COMPARE_SHORT_BYTES };

/* What is as near to the best as this is no loss. */
#define SPEED_NEAR  0.97
#define MEMORY_NEAR 1.3

/* One way to lose. */
struct contest {
    const char *lost, *never; /* "NAME is ..." */
    size_t (*best)(const struct suite_workload *workload);
    /* The first's merit by that of the best; true: it is lost. */
    bool (*is_lost)(const struct compare_row *best, double *against);
    bool has_verdict; /* the row's verdict is on this */
};

static bool is_slow(const struct compare_row *best, double *against)
{
    *against = 1 / best->ratio;
    return *against < SPEED_NEAR;
}

static bool is_fat(const struct compare_row *best, double *against)
{
    *against = 1 / best->memory_ratio;
    return *against > MEMORY_NEAR;
}

/* Words on a line, or on the next where they don't fit. */
static void add(const struct terminal *terminal, size_t *column, const char *words)
{
    size_t length = strlen(words);
    if (*column + 1 + length > (size_t)terminal->width) {
        fputs("\n ", terminal->stream);
        *column = 1;
    }
    fputc(' ', terminal->stream);
    terminal_text(terminal, words);
    *column += 1 + length;
}

static void print_contest(const struct suite_report *suite, const struct contest *contest,
                          const struct terminal *terminal)
{
    char first[COMPARE_SHORT_BYTES], words[WORDS_BYTES] = "";
    size_t column = 0;
    compare_short_name(suite->blank, 0, first);
    terminal_text(terminal, first);
    for (size_t i = 0; i < suite->workload_count; i++) {
        const struct suite_workload *workload = &suite->workloads[i];
        char name[COMPARE_SHORT_BYTES];
        double against;
        size_t best = contest->best(workload);
        if (best == SIZE_MAX || !contest->is_lost(&workload->report->rows[best], &against))
            continue;
        if (column == 0)
            column = strlen(first) + (size_t)fprintf(terminal->stream, "%s:", contest->lost);
        else
            strcat(words, ",");
        if (words[0])
            add(terminal, &column, words);
        compare_short_name(suite->blank, best, name);
        bool is_tie = contest->has_verdict && workload->report->rows[best].verdict == COMPARE_TIE;
        snprintf(words, sizeof words - 1, "%s (%.3f of %s%s)", workload->name, against, name,
                 is_tie ? ", a tie" : "");
    }
    if (words[0])
        add(terminal, &column, words);
    fprintf(terminal->stream, "%s\n", column ? "" : contest->never);
}

void suite_print_losses(const struct suite_report *suite, const struct terminal *terminal)
{
    static const struct contest speed = {" is below 0.97 of the best in",
                                         " is nowhere below 0.97 of the best", suite_fastest,
                                         is_slow, true};
    static const struct contest memory = {" takes more than 1.3 times the least memory in",
                                          " nowhere takes more than 1.3 times the least memory",
                                          suite_leanest, is_fat, false};
    print_contest(suite, &speed, terminal);
    print_contest(suite, &memory, terminal);
}
