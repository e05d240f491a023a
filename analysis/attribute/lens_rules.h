/* SPDX-License-Identifier: MIT */
/* A lens, read. Strings point into its text. */
#ifndef ANALYSIS_LENS_RULES_H
#define ANALYSIS_LENS_RULES_H

#include "lens.h"

/* "file:function", both with * and ?; a file is compared by as many last parts as it has. Where no
 * file is known, which is where a symbol is all there is, the function's name decides. */
struct lens_pattern {
    const char *file; /* NULL: any, or none known */
    const char *function;
};

struct lens_rule {
    struct lens_pattern pattern;
    enum lens_step step;
};

/* Some lines of a function, in a version whose function was written at that line of its file. */
struct lens_lines {
    struct lens_pattern pattern;
    int declared, first, last;
    enum lens_step step;
};

enum { LENS_RULES_MAX = 512, LENS_LINES_MAX = 512, LENS_WORDS_MAX = 64, LENS_CODE_MAX = 128 };

struct lens {
    const char *name, *debug_package;
    bool keeps_sources, is_part;
    const char *files[LENS_WORDS_MAX]; /* names of libraries, with * */
    size_t file_count;
    const char *symbols[LENS_WORDS_MAX]; /* any of them tells that it is linked in */
    size_t symbol_count;
    const char
        *units[LENS_WORDS_MAX]; /* what it is compiled from, as a part of more; none: anything */
    size_t unit_count;
    struct lens_pattern code[LENS_CODE_MAX];
    size_t code_count;
    struct lens_rule rules[LENS_RULES_MAX];
    size_t rule_count;
    struct lens_lines lines[LENS_LINES_MAX];
    size_t line_count;
};

/* Reads `text`, which is written to and must outlive the lens. False with "line N: ..." in `why`.
 */
bool lens_parse(struct lens *lens, const char *name, char *text, char *why, size_t why_bytes);

/* With * and ?. Not by fnmatch, which takes text apart by locale: 20 times as long, and the names
 * are hundreds of thousands. */
bool lens_text_matches(const char *pattern, const char *text);

/* "arena.c", "malloc/a*.c": compared with as many last parts of the path. */
bool lens_file_matches(const char *pattern, const char *path);

/* The lenses that the build found in analysis/lens/. */
struct lens_text {
    const char *name, *text;
};
extern const struct lens_text lens_texts[];
extern const size_t lens_text_count;

#endif
