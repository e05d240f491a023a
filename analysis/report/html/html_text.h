/* SPDX-License-Identifier: MIT */
/* Text that somebody else wrote, as text of a page: it can neither end an element nor a quoted
 * attribute, and what a browser or XML would not show is spelled out: control characters and bytes
 * that are no UTF-8 as \xNN, what changes the direction of writing as \u{NNNN}. */
#ifndef ANALYSIS_HTML_TEXT_H
#define ANALYSIS_HTML_TEXT_H

#include <stdio.h>

/* NULL: nothing. */
void html_text(FILE *stream, const char *text);

/* The same of printf's result, of up to 1023 bytes; longer ones end in an ellipsis. */
__attribute__((format(printf, 2, 3))) void html_format(FILE *stream, const char *format, ...);

/* Words with a space between them, then two texts more (NULL: none), as one text to be released:
 * with a space for what a line or a tabulator would break. NULL with errno. */
char *html_words(char *const *words, const char *after, const char *last);

/* The words of a command as a shell takes them, quoted where they must be. */
void html_command(FILE *stream, char *const *words);

#endif
