/* SPDX-License-Identifier: MIT */
/* What the pages of compare, ablate and why have in common. Texts that are made of names stand in
 * the room that the caller gives. */
#ifndef ANALYSIS_COMPARE_PARTS_HTML_H
#define ANALYSIS_COMPARE_PARTS_HTML_H

#include <stddef.h>

#include "html_page.h"
#include "report/compare_model.h"
#include "report/compare_short_name.h"
#include "report/terminal.h"

enum {
    HTML_WORDS_BYTES = 1024,
    COMPARE_TITLE_BYTES = 320,
    COMPARE_NAME_BYTES = COMPARE_SHORT_BYTES + 8,
    HTML_HEADLINE_BYTES = 512
};

/* A row's name, the control's with what it is. */
const char *compare_row_name(const struct compare_report *report, size_t row,
                             char name[COMPARE_NAME_BYTES]);

/* "hakmem-trace compare: COMMAND", and the command alone, both cut where they are long. */
const char *compare_title(const char *kind, char *const *command, char text[COMPARE_TITLE_BYTES]);
const char *compare_words(char *const *command, char *text, size_t size);

/* "1.04 [1.02, 1.06]", of what is known of it. */
const char *compare_estimate_text(double value, double low, double high, int decimals,
                                  const char *unit, char text[64]);

/* "11 rounds, seed 1, core 0, 12.3 s" */
const char *compare_conditions(const struct compare_report *report, char *text, size_t size);

/* The unit of what is compared: "wall s", "M ops/s" or "figure". */
const char *compare_unit(const struct compare_report *report);

/* Each run's figure, by allocator, as dots with their median, and a table. */
void compare_html_runs(struct html_page *page, const struct compare_report *report);

/* What happened meanwhile, and what failed with its last output; nothing where there is neither. */
void compare_html_notes(struct html_page *page, const struct compare_report *report);

/* Words that a report of text prints, a paragraph for each line; a line that begins with a blank
 * goes on with the one before. Writes into `text`. */
void html_lines(struct html_page *page, char *text);

/* The first sentence of some words; returns where the next begins. */
size_t html_headline(const char *words, char text[HTML_HEADLINE_BYTES]);

/* What a report of text prints, as words of a page: in lines as long as they need be. NULL: memory
 * is out. To be freed. */
char *html_printed(void (*print)(const void *report, const struct terminal *terminal),
                   const void *report);

#endif
