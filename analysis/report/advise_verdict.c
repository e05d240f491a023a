/* SPDX-License-Identifier: MIT */
#include "advise_verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A program that takes so much more memory pays for its speed. */
#define MEMORY_PRICE 1.1

/* A program waits that spends so little of its time on a processor. */
#define WAITING 0.5

__attribute__((format(printf, 2, 3))) static void add(char words[ADVISE_WORDS], const char *format,
                                                      ...)
{
    size_t used = strlen(words);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words + used, ADVISE_WORDS - used, format, arguments);
    va_end(arguments);
}

static double percent(double ratio)
{
    return 100 * (ratio - 1);
}

/* What a difference is called: of more than the program alone, of less, and of none. */
struct naming {
    const char *more, *less, *none;
};

static const struct naming memory = {"more memory", "less memory", "as much memory"};

static struct naming speed_of(const struct advise_report *report)
{
    static const struct naming time = {"faster", "slower", "as fast"};
    static const struct naming figure = {"better", "worse", "as good"};
    return report->metric ? figure : time;
}

/* "7.1 % faster [6.2, 8.0]"; of what is less the bounds are turned over. */
static void add_difference(char words[ADVISE_WORDS], const struct estimate *of,
                           struct naming naming)
{
    bool is_more = of->value >= 1;
    double low = is_more ? percent(of->low) : -percent(of->high);
    double high = is_more ? percent(of->high) : -percent(of->low);
    if (fabs(percent(of->value)) < 0.05)
        add(words, "%s", naming.none);
    else
        add(words, "%.1f %% %s", fabs(percent(of->value)), is_more ? naming.more : naming.less);
    if (!isnan(of->low))
        add(words, " [%.1f, %.1f]", low, high);
}

static const char *best_name(const struct advise_report *report)
{
    return report->tried[report->best].name;
}

static void say_switch(const struct advise_report *report, char words[ADVISE_WORDS])
{
    const struct advise_measured *of = &report->measured;
    add(words, "Switch to %.255s: ", best_name(report));
    add_difference(words, &of->faster, speed_of(report));
    add(words, of->memory.low > MEMORY_PRICE ? ", paid for with " : ", ");
    add_difference(words, &of->memory, memory);
    add(words, ".");
    if (!report->is_indirect)
        return;
    double system = of->alone_system_s - of->system_s;
    add(words, " That is more than all of malloc's own time:");
    if (system > 0.2 * (of->alone_s - of->alone_s / of->faster.value))
        add(words, " the kernel works %.2f s less for its memory, and", system);
    add(words, " the program's own accesses to memory must have become faster.");
}

static void say_not_worth(const struct advise_report *report, char words[ADVISE_WORDS])
{
    const struct advise_measured *of = &report->measured;
    if (report->best == ADVISE_NONE) {
        add(words, "Not worth it: the program fails under every other allocator that was tried.");
        return;
    }
    add(words, "Not worth it: the best other one, %.255s, is ", best_name(report));
    add_difference(words, &of->faster, speed_of(report));
    if (of->faster.low <= fmax(1, of->control.high) && of->faster.high >= fmin(1, of->control.low))
        add(words, ", as much as the program differs from itself");
    add(words, ". It takes ");
    add_difference(words, &of->memory, memory);
    add(words, ".");
}

static void say_no_malloc(const struct advise_report *report, char words[ADVISE_WORDS])
{
    if (isnan(report->malloc.value) || report->cpu_s < WAITING * report->wall_s)
        add(words, "No malloc can help: the program waits most of the time");
    else if (report->is_of_hakmem)
        add(words,
            "No malloc can help: none was found at work that could be replaced, %.1f %% "
            "[%.1f, %.1f] of the time (or it is linked in and has no names)",
            100 * report->malloc.value, 100 * report->malloc.low, 100 * report->malloc.high);
    else
        add(words, "No malloc can help: malloc is %.1f %% [%.1f, %.1f] of the time",
            100 * report->malloc.value, 100 * report->malloc.low, 100 * report->malloc.high);
    if (report->best != ADVISE_NONE) {
        add(words, ". The best other one, %.255s, was ", best_name(report));
        add_difference(words, &report->measured.faster, speed_of(report));
    }
    add(words, ".");
}

static void say_fixed(const struct advise_report *report, char words[ADVISE_WORDS])
{
    add(words, "Its malloc can't be replaced: ");
    if (report->is_replaced == 0)
        add(words, "nothing can be preloaded into it (linked statically, or setuid)");
    else
        add(words, "it went on working when another one was preloaded");
    if (report->allocator_count)
        add(words, ". It is %s's", report->allocators[0].name);
    add(words, ".");
}

static void say_not_sure(const struct advise_report *report, char words[ADVISE_WORDS])
{
    if (report->best == ADVISE_NONE || !report->measured.rounds) {
        add(words, "Not sure: none of the others was measured to the end.");
        return;
    }
    add(words, "Not sure: with %.255s it is ", best_name(report));
    add_difference(words, &report->measured.faster, speed_of(report));
    if (isnan(report->measured.faster.low)) {
        add(words, " in %u rounds, too few to tell.", report->measured.rounds);
        return;
    }
    add(words, ", too wide an interval to tell");
    if (isnan(report->seconds_needed))
        add(words, "; it varies too much here.");
    else
        add(words, "; longer tells more: --seconds %.0f.", report->seconds_needed);
}

static void say_unknown(const struct advise_report *report, char words[ADVISE_WORDS])
{
    if (report->best == ADVISE_NONE) {
        add(words, "Other allocators were not measured.");
        return;
    }
    add(words, "%.255s was the best in %u rounds, which chose it and so flatter it: not measured.",
        best_name(report), report->choice_rounds);
}

void advise_verdict_words(const struct advise_report *report, char words[ADVISE_WORDS])
{
    words[0] = '\0';
    if (report->interrupted)
        add(words, "Interrupted: the advice is from what was done by then. ");
    switch (report->verdict) {
    case ADVISE_SWITCH:
        say_switch(report, words);
        return;
    case ADVISE_NOT_WORTH:
        say_not_worth(report, words);
        return;
    case ADVISE_NO_MALLOC:
        say_no_malloc(report, words);
        return;
    case ADVISE_FIXED:
        say_fixed(report, words);
        return;
    case ADVISE_NOT_SURE:
        say_not_sure(report, words);
        return;
    case ADVISE_TOO_SHORT:
        add(words, "Too short to compare: it takes less than 50 ms. Give it more to do, or repeat "
                   "it: sh -c 'for i in $(seq 100); do COMMAND; done'");
        return;
    case ADVISE_NOT_AGAIN:
        add(words,
            "It can't be repeated: %s. Each run has an empty input; put what a run needs "
            "into one command: sh -c 'COMMAND < FILE'",
            report->alone_failure);
        return;
    default:
        say_unknown(report, words);
    }
}

void advise_sureness_words(const struct advise_report *report, char words[ADVISE_WORDS])
{
    const struct advise_measured *of = &report->measured;
    words[0] = '\0';
    if (!of->rounds)
        return;
    add(words,
        "How sure: chosen in %u rounds, measured in %u more, against the program alone "
        "in the same rounds; that against itself is ",
        report->choice_rounds, of->rounds);
    add_difference(words, &of->control, speed_of(report));
    add(words, isnan(of->faster.low) ? ", which is too few for intervals."
                                     : ". Intervals hold with 95 %%.");
}
