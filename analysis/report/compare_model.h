/* SPDX-License-Identifier: MIT */
/* The report of a comparison: what the command fills and every format prints. NAN is unknown. */
#ifndef ANALYSIS_COMPARE_MODEL_H
#define ANALYSIS_COMPARE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statistics/interval.h"
#include "statistics/rounds.h"

enum {
    COMPARE_ALLOCATORS_MAX = 32,
    COMPARE_ROWS_MAX = 66, /* of ablate: 64 cells and two controls; compare has fewer */
    COMPARE_ROUNDS_MAX = 1000,
    COMPARE_NOTES_MAX = 16,
    COMPARE_CONTROL = 1,
};

struct compare_run {
    unsigned round;    /* from 1 */
    unsigned position; /* in its round, from 1 */
    unsigned padding;  /* bytes by which the environment was made larger */
    double wall_s, user_s, system_s;
    double figure; /* the program's own; NAN without --metric */
    uint64_t max_rss_kb, minor_faults, major_faults;
    uint64_t voluntary_switches, involuntary_switches; /* of context */
    double resident_kb, live_kb; /* as a workload told them, of a moment of its choice; or NAN */
};

enum compare_verdict {
    COMPARE_UNKNOWN, /* too few rounds, or it failed */
    COMPARE_FIRST,
    COMPARE_IS_CONTROL,
    COMPARE_TIE,
    COMPARE_BETTER,
    COMPARE_WORSE,
};

extern const char *const compare_verdict_names[];

struct compare_row {
    char name[256];
    const char *library; /* NULL: nothing is preloaded */
    char failure[256];   /* empty: it did not fail */
    char *last_output;   /* of the run that failed; NULL: none */
    struct compare_run *runs;
    size_t run_count; /* those that succeeded */

    /* Computed when all runs are done. */
    struct rounds_summary compared;   /* wall seconds, or the program's own figure */
    double cpu_s, max_rss_kb, faults; /* medians */
    double ratio;                     /* how many times as good as the first: median of the pairs */
    double ratio_low, ratio_high;
    double memory_ratio;         /* how many times the first's max RSS: median of the pairs */
    double resident_kb, live_kb; /* medians */
    double of_floor;             /* the ratio to the floor instead of the first */
    struct interval of_floor_range;
    enum compare_verdict verdict;
};

struct compare_report {
    char *const *command;
    const char *metric; /* NULL: wall time is compared */
    bool higher_is_better;
    unsigned rounds; /* wanted */
    unsigned rounds_done;
    uint64_t seed;
    int core; /* -1: any */
    bool interrupted;
    double elapsed_s;
    double others_cores; /* cores that other processes kept busy meanwhile; NAN: unknown */
    double stolen_cores; /* that the hypervisor took */
    bool is_disturbed;   /* enough to shift a result */
    struct compare_row rows[COMPARE_ROWS_MAX]; /* the first, the control, the others, the floor */
    size_t row_count;
    size_t floor; /* its row, the last; 0: there is none */
    char notes[COMPARE_NOTES_MAX][256];
    size_t note_count;
};

static inline bool compare_is_floor(const struct compare_report *report, size_t row)
{
    return report->floor && row == report->floor;
}

/* True where an allocator failed. The floor does not count: it is not for every program. */
bool compare_has_failure(const struct compare_report *report);

/* True where the program's figure is M ops/s: its regular expression says so. A million operations
 * a second are COMPARE_NS_TIMES_MOPS nanoseconds each. */
#define COMPARE_NS_TIMES_MOPS 1000.0
bool compare_is_mops(const struct compare_report *report);

__attribute__((format(printf, 2, 3))) void compare_note(struct compare_report *report,
                                                        const char *format, ...);

#endif
