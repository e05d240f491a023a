/* SPDX-License-Identifier: MIT */
/* The report of call paths: what each costs in malloc's time, and what it does with memory. */
#ifndef ANALYSIS_CALLERS_MODEL_H
#define ANALYSIS_CALLERS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "estimate.h"

enum { CALLERS_FRAMES_MAX = 8, CALLERS_NOTES_MAX = 12, CALLERS_ADVICE_MAX = 12 };

/* A function on the way to malloc. A recursive one stands once. Texts live as long as the table
 * they come from. */
struct callers_frame {
    const char *function; /* its symbol, or the file's name and an offset in it */
    bool is_recursive;
};

/* Figures of calls and blocks are estimates from samples, shares are 0 to 1, and NAN where there is
 * nothing to take them of. */
struct callers_path {
    const char *called; /* "malloc", "operator new"; "": not known */
    const char *module; /* the file of the call; NULL: no caller is known */
    uint64_t offset;    /* in it, where the call returns to */
    const char *source; /* of the call, or NULL where that is not known */
    int line;
    struct callers_frame frames[CALLERS_FRAMES_MAX]; /* the innermost first */
    size_t frame_count;
    bool is_longer; /* there are more frames */

    uint64_t time_samples;
    struct estimate time_share; /* of malloc's time */

    uint64_t samples; /* of calls that ask for memory */
    double effective; /* as many equally weighted ones would tell as much */
    struct estimate calls, bytes;
    struct estimate call_share, byte_share; /* of all calls, of all bytes */
    uint64_t size_low, size, size_high;     /* 10 %, 50 % and 90 % of the calls ask for no more */
    struct estimate one_size;               /* the calls that ask for `size` exactly */
    uint64_t usable;                        /* of a block of `size`, 0 where not known */
    struct estimate above; /* the calls that ask for a little more than a class has */
    uint64_t below;        /* bytes of that class, of a call of `size`; else 0 */
    double wasted;         /* bytes that these take more than blocks of that class */

    double freed, reallocated, live; /* what became of the blocks until the program's end */
    double lifetime_ns;              /* median of the freed ones */
    double lifetime_calls;           /* and in calls of the thread, of those it freed itself */
    struct estimate remote;          /* freed by another thread, of the freed ones */
    struct estimate brief;           /* of one size, and freed by their thread within a few calls */

    double realloc_calls;  /* calls that gave realloc a block */
    struct estimate grown; /* of them for each block that was not grown any further */
    double growth;         /* median of size by the bytes before, of those that grew */
    uint64_t final_size;   /* median of the blocks that were not grown any further */
};

enum callers_advice_kind { CALLERS_REUSE, CALLERS_RESERVE, CALLERS_REMOTE, CALLERS_PADDING };

struct callers_advice {
    enum callers_advice_kind kind;
    size_t path;             /* its index */
    uint64_t samples;        /* that it was judged by */
    struct estimate measure; /* REUSE, REMOTE: the share of blocks; RESERVE: growths of a
                                        block; PADDING: the share of the calls */
};

struct callers_report {
    char *const *command;
    int exit_code, signal;
    const char *allocator, *library; /* library: NULL where nothing is preloaded */
    const char *event;               /* that was sampled; NULL: no time */
    unsigned frequency;
    uint64_t time_samples, malloc_samples, lost;
    struct estimate malloc_share; /* of the processor time sampled */
    double cpu_seconds;

    uint64_t mean;                           /* bytes between samples at the start */
    uint64_t programs, samples;              /* that left samples; of calls */
    struct estimate calls, bytes;            /* all there were */
    double effective_calls, effective_bytes; /* samples of equal weight that tell as much */

    struct callers_path *paths;
    size_t path_count;
    size_t *by_time, *by_bytes; /* indexes, the costliest first */
    size_t by_time_count, by_bytes_count, top;

    struct callers_advice advice[CALLERS_ADVICE_MAX]; /* the costliest first */
    size_t advice_count;
    char no_advice[200]; /* why there is none, or empty */
    char notes[CALLERS_NOTES_MAX][400];
    size_t note_count;
};

/* Frees what the report owns, not the texts. */
void callers_report_finish(struct callers_report *report);

__attribute__((format(printf, 2, 3))) void callers_note(struct callers_report *report,
                                                        const char *format, ...);

extern const char *const callers_advice_names[];

#endif
