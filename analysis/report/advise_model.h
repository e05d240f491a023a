/* SPDX-License-Identifier: MIT */
/* The report of advice: what the command fills, what is decided from it, and what every format
 * prints. NAN is not measured. */
#ifndef ANALYSIS_ADVISE_MODEL_H
#define ANALYSIS_ADVISE_MODEL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "estimate.h"

enum {
    ADVISE_ALLOCATORS_MAX = 8, /* in one program */
    ADVISE_TRIED_MAX = 32,
    ADVISE_SITES_MAX = 3,
    ADVISE_NOTES_MAX = 8,
    ADVISE_NOTE_BYTES = 300,
    ADVISE_NONE = -1,
};

/* A malloc that was seen at work in the program as it is. */
struct advise_allocator {
    char name[64];
    double share; /* of the processor time */
    double stays; /* its share when another malloc was preloaded; NAN: not tried */
};

/* An allocator that could take its place. Ratios are to the program alone: `faster` how many times
 * as good, `memory` how many times its max RSS; medians of the rounds it was chosen by. */
struct advise_tried {
    char name[256];
    char library[PATH_MAX]; /* what LD_PRELOAD has to name */
    double faster, memory;
    char failure[256]; /* empty: it ran in every round */
};

enum advise_site_kind {
    ADVISE_SITE_BUSY, /* costs much, and nothing speaks for a change of a certain kind */
    ADVISE_SITE_REUSE,
    ADVISE_SITE_RESERVE,
    ADVISE_SITE_REMOTE,
    ADVISE_SITE_PADDING,
};

/* Where the program asks for memory. */
struct advise_site {
    enum advise_site_kind kind;
    char path[256]; /* "inner < outer < outermost": functions, by name, three at most */
    char file[128]; /* of the innermost call; empty: not known */
    int line;
    double time;  /* of malloc's time; NAN: not sampled */
    double calls; /* of all calls of malloc; NAN: not sampled */
};

/* The best one by the rounds that chose it, in rounds that had no part in the choice. */
struct advise_measured {
    unsigned rounds;                              /* 0: none were made */
    struct estimate faster, memory;               /* as of advise_tried */
    struct estimate control;                      /* the program alone by itself */
    double alone_s, alone_user_s, alone_system_s; /* medians of the program alone */
    double user_s, system_s;                      /* and of the best one */
    double alone_kb;                              /* max RSS */
};

enum advise_verdict {
    ADVISE_UNKNOWN, /* cut short before anything could be told */
    ADVISE_SWITCH,
    ADVISE_NOT_WORTH,
    ADVISE_NO_MALLOC, /* malloc's part of the time is too small for any to matter */
    ADVISE_FIXED,     /* its malloc can't be replaced */
    ADVISE_NOT_SURE,
    ADVISE_TOO_SHORT,
    ADVISE_NOT_AGAIN, /* it fails when it runs again */
};

struct advise_report {
    char *const *command;
    const char *metric; /* NULL: wall time is compared */
    bool higher_is_better;
    double seconds;   /* that were wanted */
    double elapsed_s; /* of all */
    bool interrupted;

    /* The first run, of the program as it is. */
    int exit_code;
    double wall_s, cpu_s, system_s, max_rss_kb;
    struct estimate malloc; /* share of the processor time, the kernel's work left out */
    double samples;
    bool is_of_hakmem; /* malloc's share is that of a run on libhakmem: of the program's own malloc
                          nothing was found, or it has none */
    struct advise_allocator allocators[ADVISE_ALLOCATORS_MAX];
    size_t allocator_count;
    double kernel_for_malloc; /* share that the kernel's work for malloc had on libhakmem; NAN: not
                                 told from its other work */
    int is_replaced; /* libhakmem was preloaded into it: 1 it was loaded, 0 not, -1 not tried */

    struct advise_tried tried[ADVISE_TRIED_MAX];
    size_t tried_count;
    unsigned choice_rounds;
    char alone_failure[512]; /* how the program alone failed when it ran again; empty: not */
    int best;                /* index of tried, or ADVISE_NONE */
    struct advise_measured measured;

    struct advise_site sites[ADVISE_SITES_MAX];
    size_t site_count;
    char no_sites[ADVISE_NOTE_BYTES]; /* why they are not known; empty: they are */

    /* Decided from the above. */
    enum advise_verdict verdict;
    double seconds_needed; /* of NOT_SURE: that would probably do */
    bool is_indirect;      /* the difference is more time than all of malloc's was */

    char notes[ADVISE_NOTES_MAX][ADVISE_NOTE_BYTES];
    size_t note_count;
};

extern const char *const advise_verdict_names[];
extern const char *const advise_site_names[];

/* Everything not measured, for that command. */
void advise_report_start(struct advise_report *report, char *const *command);

__attribute__((format(printf, 2, 3))) void advise_note(struct advise_report *report,
                                                       const char *format, ...);

#endif
