/* SPDX-License-Identifier: MIT */
/* Which colour what has: on every page the same, as a class of page.css. The palette is told apart
 * by those who see two of the three colours only, and by lightness in print. */
#ifndef ANALYSIS_HTML_COLOUR_H
#define ANALYSIS_HTML_COLOUR_H

#include <stddef.h>

/* Of a source or a step by its name: "cache", "entry", "kernel: page faults"; other files of an
 * allocator have one of a few by their names. Lasts. */
const char *html_source_class(const char *name);

/* Of an allocator: "hakmem", "glibc" ... by the beginning of its name. */
const char *html_allocator_class(const char *name);

/* The nth of a row of series that have no colour of their own: 0 to 7, then again. */
const char *html_series_class(size_t index);

#endif
