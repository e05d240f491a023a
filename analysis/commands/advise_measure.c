/* SPDX-License-Identifier: MIT */
#include "advise_measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advise_judge.h"
#include "collect/clock.h"
#include "commands.h"
#include "compare_summary.h"
#include "statistics/bootstrap.h"

/* Of the time, to choose; the rest measures. */
#define CHOICE_PART 0.35

enum {
    CHOICE_ROUNDS_MIN = 3,
    CHOICE_ROUNDS_MAX = 15,
    ROUNDS_MAX = 100,
    FIRST_TRIED = COMPARE_CONTROL + 1, /* its row */
};

/* What an empty input leaves of a run's processor time shows whether the command reads it. */
#define INPUT_PART (1.0 / 3)

static char *installed(struct advise_report *report)
{
    static const char *const names[] = {"hakmem", "jemalloc", "mimalloc", "tcmalloc"};
    static struct allocator found;
    char why[512], list[128] = "own";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (allocator_find(names[i], &found, why, sizeof why)) {
            strcat(list, ",");
            strcat(list, names[i]);
        } else {
            advise_note(report, "%.250s", why);
        }
    }
    return strdup(list);
}

static int take_tried(const struct advise_measure *measure, struct advise_report *report)
{
    const struct compare_report *blank = &measure->compare.blank;
    for (size_t i = FIRST_TRIED; i < blank->row_count; i++) {
        const struct allocator *found =
            &compare_allocator_of(&measure->compare.allocators, i)->found;
        struct advise_tried *tried = &report->tried[report->tried_count++];
        if (!found->preload) {
            complain("advise: --with %s: nothing is preloaded for it, as for COMMAND alone",
                     found->name);
            return EXIT_USAGE;
        }
        *tried = (struct advise_tried){.faster = NAN, .memory = NAN};
        snprintf(tried->name, sizeof tried->name, "%s", blank->rows[i].name);
        strcpy(tried->library, found->library);
    }
    if (report->tried_count)
        return 0;
    complain("advise: no other allocator is installed; --with names one");
    return EXIT_TOOL_FAILED;
}

int advise_measure_find(struct advise_measure *measure, struct advise_options *options,
                        struct advise_report *report)
{
    struct compare_options *compare = &options->compare;
    if (!compare->with)
        measure->with = installed(report);
    else if (asprintf(&measure->with, "own,%s", compare->with) < 0)
        measure->with = NULL;
    if (!measure->with) {
        complain("advise: out of memory");
        return EXIT_TOOL_FAILED;
    }
    compare->with = measure->with;
    int error = compare_measure_find(&measure->compare, compare);
    return error ? error : take_tried(measure, report);
}

static unsigned rounds_in(double seconds, double round_s, unsigned least, unsigned most)
{
    double rounds = floor(seconds / round_s);
    return rounds < least ? least : rounds > most ? most : (unsigned)rounds;
}

static double median_of(const struct compare_row *row, double (*figure)(const struct compare_run *))
{
    double figures[CHOICE_ROUNDS_MAX + ROUNDS_MAX];
    for (size_t i = 0; i < row->run_count; i++)
        figures[i] = figure(&row->runs[i]);
    return rounds_summarize(figures, row->run_count).median;
}

static double wall_of(const struct compare_run *run)
{
    return run->wall_s;
}

static double user_of(const struct compare_run *run)
{
    return run->user_s;
}

static double system_of(const struct compare_run *run)
{
    return run->system_s;
}

static double cpu_of(const struct compare_run *run)
{
    return run->user_s + run->system_s;
}

static bool has_input(void)
{
    struct stat status;
    return fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

static void take_alone(const struct compare_row *alone, struct advise_report *report)
{
    char line[160];
    const char *output = alone->last_output ? alone->last_output : "";
    double cpu_s = median_of(alone, cpu_of);
    output += strspn(output, "\n");
    snprintf(line, sizeof line, "%.*s", (int)strcspn(output, "\n"), output);
    if (alone->failure[0])
        snprintf(report->alone_failure, sizeof report->alone_failure, "%s%s%s%s", alone->failure,
                 *line ? " (" : "", line, *line ? ")" : "");
    else if (has_input() && cpu_s < INPUT_PART * report->cpu_s)
        snprintf(report->alone_failure, sizeof report->alone_failure,
                 "with an empty input it takes %.2f s of the processor, not %.2f s", cpu_s,
                 report->cpu_s);
}

static void take_choice(const struct compare_report *rounds, struct advise_report *report)
{
    for (size_t i = 0; i < report->tried_count; i++) {
        const struct compare_row *row = &rounds->rows[i + FIRST_TRIED];
        report->tried[i].faster = row->ratio;
        report->tried[i].memory = row->memory_ratio;
        memcpy(report->tried[i].failure, row->failure, sizeof row->failure);
    }
    report->choice_rounds = rounds->rounds_done;
    take_alone(&rounds->rows[0], report);
    if (report->alone_failure[0])
        return;
    report->measured.alone_s = median_of(&rounds->rows[0], wall_of);
    if (report->choice_rounds)
        report->best = advise_choose(report);
}

static struct estimate estimate_of(const struct compare_report *rounds, enum compare_aspect aspect,
                                   size_t row)
{
    double ratios[ROUNDS_MAX];
    struct estimate estimate = {NAN, NAN, NAN};
    size_t pairs = compare_summary_pairs(rounds, aspect, row, 0, ratios);
    estimate.value = rounds_summarize(ratios, pairs).median;
    if (pairs >= BOOTSTRAP_COUNT_MIN) {
        struct interval interval = bootstrap_median(ratios, pairs, rounds->seed);
        estimate.low = interval.low;
        estimate.high = interval.high;
    }
    return estimate;
}

static void take_measured(const struct compare_report *rounds, struct advise_report *report)
{
    struct advise_measured *of = &report->measured;
    size_t best = (size_t)report->best + FIRST_TRIED;
    const struct compare_row *alone = &rounds->rows[0], *row = &rounds->rows[best];
    of->rounds = rounds->rounds_done;
    if (alone->failure[0])
        take_alone(alone, report);
    if (row->failure[0])
        advise_note(report, "%.100s, which was chosen, failed when it was measured: %.150s",
                    row->name, row->failure);
    if (row->failure[0] || alone->failure[0])
        of->rounds = 0;
    if (!of->rounds)
        return;
    of->faster = estimate_of(rounds, COMPARE_SPEED, best);
    of->memory = estimate_of(rounds, COMPARE_MEMORY, best);
    of->control = estimate_of(rounds, COMPARE_SPEED, COMPARE_CONTROL);
    of->alone_s = median_of(alone, wall_of);
    of->alone_user_s = median_of(alone, user_of);
    of->alone_system_s = median_of(alone, system_of);
    of->alone_kb = alone->max_rss_kb;
    of->user_s = median_of(row, user_of);
    of->system_s = median_of(row, system_of);
}

/* So many rounds, of all rows or, where `best` is not ADVISE_NONE, of that one and the program
 * alone. */
static int run_rounds(struct advise_measure *measure, unsigned count, int best, const char *label,
                      struct advise_report *report, struct compare_report *rounds)
{
    struct compare_measure *compare = &measure->compare;
    compare->blank.rounds = count;
    int error = compare_measure_prepare(compare, report->command, rounds);
    if (error)
        return error;
    for (size_t i = FIRST_TRIED; i < rounds->row_count && best != ADVISE_NONE; i++) {
        if (i != (size_t)best + FIRST_TRIED)
            strcpy(rounds->rows[i].failure, "not the best"); /* which keeps it from running */
    }
    rounds->seed = compare->blank.seed + (best != ADVISE_NONE);
    compare_progress_start(&compare->progress, count * rounds->row_count);
    compare->progress.label = label;
    return compare_measure_run(compare, rounds);
}

static double round_seconds(const struct compare_report *rounds, int best)
{
    return 2 * median_of(&rounds->rows[0], wall_of) +
           median_of(&rounds->rows[best + FIRST_TRIED], wall_of);
}

static void warn(double seconds, double left_s)
{
    if (seconds > 1.5 * left_s)
        complain("advise: the fewest runs that can tell anything take about %.0f s, more than the "
                 "%.0f s that are left",
                 seconds, fmax(left_s, 0));
}

int advise_measure_run(struct advise_measure *measure, struct advise_report *report, double left_s)
{
    static struct compare_report choice, judged; /* too big for a stack */
    double start = clock_seconds();
    double round_s = report->wall_s * (double)(report->tried_count + 2);
    warn(CHOICE_ROUNDS_MIN * round_s + 3 * BOOTSTRAP_COUNT_MIN * report->wall_s, left_s);
    int error = run_rounds(
        measure, rounds_in(CHOICE_PART * left_s, round_s, CHOICE_ROUNDS_MIN, CHOICE_ROUNDS_MAX),
        ADVISE_NONE, "to choose the best", report, &choice);
    if (!error)
        take_choice(&choice, report);
    bool is_short = report->measured.alone_s < ADVISE_SHORTEST;
    if (!error && report->best != ADVISE_NONE && !is_short && !choice.interrupted) {
        left_s -= clock_seconds() - start;
        error = run_rounds(measure,
                           rounds_in(left_s, round_seconds(&choice, report->best),
                                     BOOTSTRAP_COUNT_MIN, ROUNDS_MAX),
                           report->best, "to measure the best", report, &judged);
        if (!error)
            take_measured(&judged, report);
    }
    compare_measure_release(&choice);
    compare_measure_release(&judged);
    return error;
}

void advise_measure_finish(struct advise_measure *measure)
{
    compare_measure_finish(&measure->compare);
    free(measure->with);
}
