/* SPDX-License-Identifier: MIT */
/*
 * A grid on the terminal, and the keys pressed there. Needs ncurses when building
 * (top_screen_absent.c stands in). One screen at a time.
 */
#ifndef ANALYSIS_TOP_SCREEN_H
#define ANALYSIS_TOP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "top_grid.h"

enum top_key {
    TOP_KEY_NONE,
    TOP_KEY_QUIT,
    TOP_KEY_PAUSE,
    TOP_KEY_NOW,
    TOP_KEY_SORT,
    TOP_KEY_NEXT, /* section, or down a list */
    TOP_KEY_PREVIOUS,
    TOP_KEY_DOWN,
    TOP_KEY_UP,
    TOP_KEY_ENTER,
    TOP_KEY_GONE, /* the terminal is no more */
};

/* Takes the terminal over: what was on it comes back at the end. Its handler of SIGWINCH must be
 * installed by the caller before. False with one line in `why`. */
bool top_screen_start(bool colour, char *why, size_t why_bytes);

/* The terminal is as it was before. Does nothing where it was not started. */
void top_screen_finish(void);

/* The terminal's size has changed: asks for it. */
void top_screen_resize(void);

/* A blank grid of the terminal's size. */
void top_screen_clear(struct top_grid *grid);
void top_screen_draw(const struct top_grid *grid);

/* The next key, without waiting. */
enum top_key top_screen_key(void);

#endif
