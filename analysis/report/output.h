/* SPDX-License-Identifier: MIT */
/*
 * A file that a report is written to: whole or not at all. It is opened before the command runs, so
 * that a path that can't be written is known at once, under another name in the same folder, and
 * takes its own name only when everything is in it. Devices and pipes are written directly.
 */
#ifndef ANALYSIS_OUTPUT_H
#define ANALYSIS_OUTPUT_H

#include <limits.h>
#include <stdio.h>

struct output {
    FILE *stream;             /* NULL: not open */
    char target[PATH_MAX];    /* its name at the end; empty: written directly */
    char temporary[PATH_MAX]; /* its name until then */
};

/* "-" is standard output. Links are followed, but those that another user has left in a folder for
 * all. -1 with errno. */
int output_open(struct output *output, const char *path);

/* Everything is written: the file takes its name. -1 with errno; then nothing is left of it. */
int output_commit(struct output *output);

/* Nothing is left of it. Does nothing after output_commit. */
void output_abandon(struct output *output);

/* How a file takes its name, and goes: rename(2) and unlink(2), unless a command that gives up its
 * rights before the end has set others. */
extern int (*output_rename)(const char *temporary, const char *target);
extern int (*output_unlink)(const char *temporary);

#endif
