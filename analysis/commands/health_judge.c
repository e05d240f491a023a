/* SPDX-License-Identifier: MIT */
#include "health_judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What libc keeps at its end (buffers, locales) is hundreds of bytes; a leak grows with the work.
 */
enum { LIVE_BYTES_MAX = 1 << 20, BLOCKS_KEPT_MAX = 1000 };

/* The first allocator against itself: a machine on which it is further off than that is noisy. */
#define CONTROL_OFF 0.05

__attribute__((format(printf, 2, 3))) static void fault(struct health_profile *profile,
                                                        const char *format, ...)
{
    va_list arguments;
    if (profile->reason_count == HEALTH_REASONS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(profile->reasons[profile->reason_count++], sizeof profile->reasons[0], format,
              arguments);
    va_end(arguments);
}

/* A run that failed; with the library's own line where it stopped the program. */
static void judge_row(struct health_profile *profile, const struct compare_row *row)
{
    static const char own[] = "hakmem: ";
    const char *line = row->last_output;
    if (!row->failure[0])
        return;
    fault(profile, "%s: %s", row->name, row->failure);
    while (line && strncmp(line, own, sizeof own - 1) != 0) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (line)
        fault(profile, "%.*s", (int)strcspn(line, "\n"), line);
}

static void judge_counters(struct health_profile *profile)
{
    const struct health_counters *counted = &profile->counters;
    size_t runs = profile->runs.rows[HEALTH_ROW].run_count;
    if (counted->unreadable)
        fault(profile, "%ju counter files can't be read", (uintmax_t)counted->unreadable);
    if (counted->programs < runs) {
        fault(profile, "libhakmem was not on: it counted in %ju of %zu runs",
              (uintmax_t)counted->programs, runs);
        return;
    }
    if (counted->operations < runs * profile->operations)
        fault(profile, "libhakmem counted %ju operations, the workload made %ju",
              (uintmax_t)counted->operations, (uintmax_t)(runs * profile->operations));
    if (counted->frees > counted->mallocs)
        fault(profile, "more blocks taken back than handed out: %ju, %ju",
              (uintmax_t)counted->frees, (uintmax_t)counted->mallocs);
    else if (counted->mallocs - counted->frees > runs * BLOCKS_KEPT_MAX)
        fault(profile, "%ju blocks of %ju were never taken back",
              (uintmax_t)(counted->mallocs - counted->frees), (uintmax_t)counted->mallocs);
    if (counted->live > LIVE_BYTES_MAX)
        fault(profile, "%.1f MB live at the end of a run", (double)counted->live / 1e6);
    if (counted->refused)
        fault(profile, "%ju requests refused", (uintmax_t)counted->refused);
}

static void judge_figures(const struct health_report *report, struct health_profile *profile)
{
    const struct compare_row *row = &profile->runs.rows[HEALTH_ROW], *glibc = profile->runs.rows;
    if (row->max_rss_kb > report->memory_bound * glibc->max_rss_kb)
        fault(profile, "memory: %.2f times glibc's, above %.2f",
              row->max_rss_kb / glibc->max_rss_kb, report->memory_bound);
    if (row->ratio_high < report->bound)
        fault(profile, "throughput: certainly below %.2f of glibc's", report->bound);
}

static void note_noise(struct compare_report *runs)
{
    const struct compare_row *control = &runs->rows[COMPARE_CONTROL];
    if (fabs(control->ratio_low - 1) > CONTROL_OFF || fabs(control->ratio_high - 1) > CONTROL_OFF)
        compare_note(runs, "noisy: glibc against itself came to [%.2f, %.2f]", control->ratio_low,
                     control->ratio_high);
}

void health_judge_profile(const struct health_report *report, struct health_profile *profile)
{
    struct compare_report *runs = &profile->runs;
    if (runs->interrupted)
        return;
    judge_row(profile, &runs->rows[0]);
    judge_row(profile, &runs->rows[COMPARE_CONTROL]);
    judge_row(profile, &runs->rows[HEALTH_ROW]);
    if (!profile->reason_count) {
        if (profile->has_counters)
            judge_counters(profile);
        judge_figures(report, profile);
        note_noise(runs);
    }
    profile->verdict = profile->reason_count ? HEALTH_FAIL : HEALTH_PASS;
}

void health_judge(struct health_report *report)
{
    size_t passed = 0;
    report->verdict = HEALTH_UNKNOWN;
    for (size_t i = 0; i < report->profile_count; i++) {
        passed += report->profiles[i].verdict == HEALTH_PASS;
        if (report->profiles[i].verdict == HEALTH_FAIL)
            report->verdict = HEALTH_FAIL;
    }
    if (passed == HEALTH_PROFILES)
        report->verdict = HEALTH_PASS;
}
