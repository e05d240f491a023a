/* SPDX-License-Identifier: MIT */
/*
 * The sampled heap: which call paths asked for how many bytes, and whose blocks were live when most
 * bytes were, and when their programs ended. Everything is estimated from sampled blocks; see
 * HEAP_ESTIMATES below. Every format prints the same figures from this model. Texts live as long as
 * the tables of the command that filled it in; what the report owns heap_report_finish frees.
 */
#ifndef ANALYSIS_HEAP_MODEL_H
#define ANALYSIS_HEAP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "estimate.h"

/*
 * HEAP_ESTIMATES: a block of a size class of s bytes is sampled with the chance p = 1 - exp(-s /
 * I), I the mean interval in bytes when it was born, and stands for w = 1 / p blocks and w times
 * the bytes that were asked for. A sum over all blocks is estimated by the sum of w x over the
 * sampled ones, without bias, and its variance by the sum of (1 - p) (w x)^2 (D. G. Horvitz, D. J.
 * Thompson; see src/follow_layout.h); intervals are of 95 %.
 */

enum { HEAP_FRAMES_MAX = 128, HEAP_NOTES_MAX = 12, HEAP_MOMENTS_MAX = 512 };

/* One function at a location: where functions are inlined there are several. */
struct heap_line {
    const char *function; /* never NULL */
    const char *file;     /* NULL: not known */
    int line;             /* 0: not known */
};

/* A place in code that a stack goes through, once in the report. */
struct heap_frame {
    const char *module; /* path of the file it is in; NULL: none is known */
    uint64_t offset;    /* in that file: of the last byte of the call, not of what it returns to */
    const struct heap_line *lines; /* one at least: the innermost inlined function first, the
                                      function whose symbol it is last */
    size_t line_count;
};

/* Of sampled blocks. */
struct heap_figures {
    uint64_t samples;
    struct estimate blocks, bytes; /* bytes as they were asked for */
};

enum heap_when {
    HEAP_ALLOCATED, /* all blocks that were handed out */
    HEAP_AT_PEAK,   /* of these, live when the estimate of all live bytes was highest */
    HEAP_AT_EXIT,   /* never given back: live when their program ended, or when watching did */
    HEAP_WHENS
};

struct heap_path {
    const char *called;     /* "malloc", "operator new"; "": not known */
    const uint32_t *frames; /* indexes of report->frames, the innermost first, without libhakmem's
                               own; none where no caller is known */
    size_t frame_count;
    bool is_longer; /* outer frames were left out, or could not be unwound to the program's start */
    struct heap_figures when[HEAP_WHENS];
};

/* The heap at one time, of all programs. */
struct heap_moment {
    double at_s;          /* after the start */
    double blocks, bytes; /* live, estimated */
    double allocated;     /* bytes handed out up to then, estimated */
};

struct heap_report {
    uint64_t interval;      /* I at the start, bytes */
    uint64_t last_interval; /* the widest at the end: it doubles where samples are many */
    uint64_t programs;      /* images that left samples */
    uint64_t lost;          /* blocks that were due and could not be sampled: estimates are low */
    double start_s;         /* CLOCK_MONOTONIC, what `at_s` counts from */
    double peak_at_s;       /* after the start; NAN: no sample */

    struct heap_figures when[HEAP_WHENS]; /* of all paths together */

    struct heap_frame *frames;
    size_t frame_count;
    struct heap_path *paths;
    size_t path_count;
    size_t *by[HEAP_WHENS]; /* indexes of paths, most bytes first; without those of no sample */
    size_t by_count[HEAP_WHENS];

    struct heap_moment *moments; /* in the order of time, HEAP_MOMENTS_MAX at most; the peak is
                                    among them */
    size_t moment_count;

    char notes[HEAP_NOTES_MAX][400];
    size_t note_count;
};

void heap_report_finish(struct heap_report *report);

__attribute__((format(printf, 2, 3))) void heap_note(struct heap_report *report, const char *format,
                                                     ...);

/* "allocated", "peak", "exit": as JSON calls them. */
extern const char *const heap_when_names[HEAP_WHENS];

#endif
