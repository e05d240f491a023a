/* SPDX-License-Identifier: MIT */
#include "why_notes.h"

#include <math.h>
#include <stdint.h>

/* Operations that differ more from run to run are no fixed work. */
#define VARIES 0.01

/* A share of the difference that is worth a note when it is not known. */
#define MUCH 0.1

/* Of fewer, intervals of shares are wider than 6 % of all time. */
enum { SAMPLES_FEW = 1000 };

static uint64_t samples_of(const struct why_report *report, int row)
{
    uint64_t sum = 0;
    for (unsigned round = 0; round < report->comparison.rounds; round++)
        sum += report->watched[row][round].samples;
    return sum;
}

static void note_brought(struct why_report *report)
{
    static const int rows[] = {WHY_ROW_A, WHY_ROW_B};
    for (int i = 0; i < 2; i++) {
        for (unsigned round = 0; round < report->comparison.rounds; round++) {
            const char *brought = report->watched[rows[i]][round].brought;
            if (!*brought)
                continue;
            compare_note(&report->comparison,
                         "%s: the program brings %s with it and ran on that: for glibc's malloc "
                         "name the path of libc.so.6 instead",
                         why_name(report, i), brought);
            break;
        }
    }
}

void why_notes_add(struct why_report *report)
{
    struct compare_report *comparison = &report->comparison;
    double unknown = report->fall.parts[PART_UNKNOWN].difference;
    uint64_t of_a = samples_of(report, WHY_ROW_A), of_b = samples_of(report, WHY_ROW_B);
    uint64_t samples = of_a < of_b ? of_a : of_b;
    double least = report->operations_least, most = report->operations_most;
    note_brought(report);
    if (comparison->rounds_done && !report->has_parts)
        compare_note(comparison, "no samples, so no parts: the command is too short, or the kernel "
                                 "gives none: hakmem-trace doctor");
    else if (report->fall.rounds < comparison->rounds_done)
        compare_note(comparison,
                     "rounds left out of the parts, for a run without samples: %zu of %u",
                     comparison->rounds_done - report->fall.rounds, comparison->rounds_done);
    if (report->has_parts && report->watched[WHY_ROW_A][0].is_user_only)
        compare_note(
            comparison,
            "the kernel may not be sampled: all of its time is in kernel: other; for page "
            "faults and system calls: sysctl kernel.perf_event_paranoid=1, or CAP_PERFMON");
    if (report->has_parts && samples < SAMPLES_FEW)
        compare_note(comparison,
                     "%ju samples of one are few: more rounds, a longer command or --frequency "
                     "narrow the parts' intervals",
                     (uintmax_t)samples);
    if (report->has_parts && fabs(unknown) > MUCH * fabs(report->fall.measured.difference))
        compare_note(comparison,
                     "unknown: code of an allocator whose steps are not told: debug information "
                     "is missing, or its lens does not name it (analysis/lens)");
    if (report->operations > 0 && most > (1 + VARIES) * least)
        compare_note(comparison,
                     "operations differ from run to run, %.4g to %.4g: figures an operation are no "
                     "better known than that",
                     least, most);
    if (comparison->rounds_done && !report->has_hardware)
        compare_note(comparison, "no hardware counters here: cycles, and cache and TLB misses of "
                                 "the application and malloc stay unknown: hakmem-trace doctor");
}
