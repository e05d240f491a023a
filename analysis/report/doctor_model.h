/* SPDX-License-Identifier: MIT */
/*
 * What a machine allows: one line for each thing that measuring depends on, and the tier of
 * sampling that comes of them all.
 */
#ifndef ANALYSIS_DOCTOR_MODEL_H
#define ANALYSIS_DOCTOR_MODEL_H

#include <stdbool.h>
#include <stddef.h>

enum { DOCTOR_LINES_MAX = 96, DOCTOR_FIGURES_MAX = 6, DOCTOR_TEXT = 400 };

enum doctor_state {
    DOCTOR_OK,
    DOCTOR_LIMITED, /* there, but less than it could be */
    DOCTOR_MISSING,
    DOCTOR_UNSAFE, /* there, and it does harm */
};

struct doctor_figure {
    const char *name; /* with its unit: "ns_per_hit", "share_next" */
    double value;     /* NAN: not measured */
};

struct doctor_line {
    const char *group; /* the heading it stands under; lines of a group follow each other */
    const char *name;
    enum doctor_state state;
    char found[DOCTOR_TEXT];
    char remedy[DOCTOR_TEXT]; /* what would make it ok; empty exactly where it is */
    struct doctor_figure figures[DOCTOR_FIGURES_MAX];
    size_t figure_count;
};

/* What `run` uses here when it is told nothing else. */
struct doctor_tier {
    const char *event; /* NULL: no samples */
    unsigned frequency;
    bool processors;                         /* whole ones; else the program's own threads */
    bool kernel;                             /* sampled too */
    bool slow_path;                          /* eBPF events */
    char no_samples[256], no_slow_path[256]; /* why not; empty where there are */
};

struct doctor_report {
    bool quick; /* timings were left out */
    struct doctor_line lines[DOCTOR_LINES_MAX];
    size_t line_count;
    struct doctor_tier tier;
};

/* Adds a line; `found` says the fact. */
__attribute__((format(printf, 5, 6))) struct doctor_line *
doctor_add(struct doctor_report *report, const char *group, const char *name,
           enum doctor_state state, const char *found, ...);

/* What would make the line ok. Kept only where it is not. */
__attribute__((format(printf, 2, 3))) void doctor_remedy(struct doctor_line *line,
                                                         const char *remedy, ...);

void doctor_figure(struct doctor_line *line, const char *name, double value);

/* The tier in one line, as "whole processors, cpu-clock at 997 Hz, kernel included, eBPF slow
 * paths". */
void doctor_tier_text(const struct doctor_tier *tier, char *text, size_t bytes);

extern const char *const doctor_state_names[]; /* "ok", "limited", "missing", "unsafe" */

#endif
