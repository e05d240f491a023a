/* SPDX-License-Identifier: MIT */
/* What the text report may use of the place it is printed to, and how names reach it safely. */
#ifndef ANALYSIS_TERMINAL_H
#define ANALYSIS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct terminal {
    FILE *stream;
    bool colour; /* a terminal, and NO_COLOR is not set */
    bool utf8;
    int width; /* COLUMNS, else of the terminal, else 80; 40 to 160 */
};

enum terminal_colour {
    TERMINAL_PLAIN,
    TERMINAL_RED,
    TERMINAL_GREEN,
    TERMINAL_YELLOW,
    TERMINAL_BLUE,
    TERMINAL_MAGENTA,
    TERMINAL_CYAN,
    TERMINAL_COLOURS
};

void terminal_start(struct terminal *terminal, FILE *stream);

/* Prints text that somebody else wrote: control characters as \xNN. */
void terminal_text(const struct terminal *terminal, const char *text);

/* How many columns that takes. */
int terminal_columns(const char *text);

/* Words broken at spaces where the line ends; the first line begins at `column`, and every other is
 * indented. Returns how many lines that are; without a stream nothing is printed. */
int terminal_wrapped(const struct terminal *terminal, const char *text, int column, int indent);

/* printf's result in words, of up to 1023 bytes, after `indent` blanks; lines that it goes on for
 * are indented by two more. */
__attribute__((format(printf, 3, 4))) void terminal_line(const struct terminal *terminal,
                                                         int indent, const char *format, ...);

/* terminal_wrapped without the end of the line. Returns the column after it. */
int terminal_words(const struct terminal *terminal, const char *text, int column, int indent);

/* What is not broken unless it is longer than a line: on the next line, indented, where this one
 * has no room for it, else behind `gap` blanks. Returns the column after it; a line begins at 0. */
int terminal_piece(const struct terminal *terminal, const char *text, int column, int gap,
                   int indent);

/* Bold, or back to plain. Nothing without colour. */
void terminal_bold(const struct terminal *terminal, bool on);

/* What follows is in that colour. Nothing without colour. */
void terminal_colour(const struct terminal *terminal, enum terminal_colour colour);

/* A bar of `part` (0..1) of `width` columns. */
void terminal_bar(const struct terminal *terminal, double part, int width);

/* One column for each count, as high as the count is of the greatest. */
void terminal_spark(const struct terminal *terminal, const uint64_t *counts, size_t count);

#endif
