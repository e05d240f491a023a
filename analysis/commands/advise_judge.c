/* SPDX-License-Identifier: MIT */
#include "advise_judge.h"

#include <math.h>

/* Of a malloc that another one was to replace: so much of it at work as before is all of it. */
#define STAYS_ALL 0.9

#define SECONDS_MAX 86400

bool advise_is_fixed(const struct advise_report *report)
{
    double share = 0, stays = 0;
    if (report->is_replaced == 0)
        return true;
    for (size_t i = 0; i < report->allocator_count; i++) {
        share += report->allocators[i].share;
        stays += report->allocators[i].stays;
    }
    return share > ADVISE_SHARE_MATTERS && stays > STAYS_ALL * share;
}

int advise_choose(const struct advise_report *report)
{
    int best = ADVISE_NONE;
    for (size_t i = 0; i < report->tried_count; i++) {
        const struct advise_tried *of = &report->tried[i];
        if (!of->failure[0] && !isnan(of->faster) &&
            (best == ADVISE_NONE || of->faster > report->tried[best].faster))
            best = (int)i;
    }
    return best;
}

/* The kernel's work that another malloc can change. Where that is not told, all of it. */
static double kernel_share(const struct advise_report *report)
{
    if (isnan(report->kernel_for_malloc))
        return report->system_s / report->cpu_s;
    return report->is_of_hakmem ? 0 : report->kernel_for_malloc; /* it is in malloc's share there */
}

/* Malloc's time and the kernel's are what another malloc changes by its own doing. A program that
 * waits has little of either in its time. */
static bool has_no_malloc(const struct advise_report *report)
{
    double malloc_share = isnan(report->malloc.high) ? 1 : report->malloc.high;
    double share = fmin(1, malloc_share + kernel_share(report));
    return share * fmin(1, report->cpu_s / report->wall_s) < ADVISE_SHARE_MATTERS;
}

/* An interval shrinks with the root of the rounds. */
static double seconds_for(const struct advise_report *report)
{
    const struct estimate *of = &report->measured.faster;
    double times = (of->high - of->low) / (ADVISE_GAIN_MATTERS - 1);
    double seconds = 10 * ceil(report->seconds * fmax(2, times * times) / 10);
    return seconds < SECONDS_MAX ? seconds : NAN;
}

static enum advise_verdict by_interval(const struct advise_report *report)
{
    const struct advise_measured *of = &report->measured;
    if (isnan(of->faster.low) || isnan(of->control.high))
        return ADVISE_NOT_SURE;
    if (of->faster.low > fmax(1, of->control.high))
        return of->faster.value >= ADVISE_GAIN_WORTH ? ADVISE_SWITCH : ADVISE_NOT_WORTH;
    return of->faster.high < ADVISE_GAIN_MATTERS ? ADVISE_NOT_WORTH : ADVISE_NOT_SURE;
}

static enum advise_verdict verdict_of(const struct advise_report *report)
{
    if (isnan(report->wall_s))
        return ADVISE_UNKNOWN;
    if (advise_is_fixed(report))
        return ADVISE_FIXED;
    if (report->alone_failure[0])
        return ADVISE_NOT_AGAIN;
    if (report->wall_s < ADVISE_SHORTEST || report->measured.alone_s < ADVISE_SHORTEST)
        return ADVISE_TOO_SHORT;
    enum advise_verdict verdict = by_interval(report);
    if (verdict == ADVISE_SWITCH)
        return verdict;
    if (has_no_malloc(report))
        return ADVISE_NO_MALLOC;
    if (report->best == ADVISE_NONE && report->tried_count && report->choice_rounds)
        return ADVISE_NOT_WORTH;
    if (!report->measured.rounds && report->interrupted)
        return ADVISE_UNKNOWN;
    return verdict;
}

/* What it saves at least, by the clock and of the processor: on a busy machine the clock has more.
 */
static double saved_seconds(const struct advise_measured *of)
{
    double cpu_s = of->alone_user_s + of->alone_system_s - of->user_s - of->system_s;
    return fmin(of->alone_s * (1 - 1 / of->faster.low), cpu_s);
}

void advise_judge(struct advise_report *report)
{
    report->verdict = verdict_of(report);
    if (report->verdict == ADVISE_NOT_SURE)
        report->seconds_needed = seconds_for(report);
    report->is_indirect = report->verdict == ADVISE_SWITCH && !report->metric &&
                          saved_seconds(&report->measured) > report->malloc.high * report->cpu_s;
}
