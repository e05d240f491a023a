/* SPDX-License-Identifier: MIT */
/*
 * The frame that all pages share: one file that needs nothing else and asks no network for
 * anything, in markup that HTML and XML read alike. The style (page.css, page_dark.css) and the
 * script (page.js) are in it. Whatever the script does is on top: without it every figure can be
 * read.
 *
 *      html_begin(&page);
 *      html_section(&page, "time", "Time by source");
 *      ... html_paragraph, html_figure_begin, html_table_begin ...
 *      html_end(&page, &head, stream);
 *
 * The body is written first and kept in memory, for what stands above it is known only then.
 * `page.stream` is where to print; text that others wrote goes there by html_text alone.
 */
#ifndef ANALYSIS_HTML_PAGE_H
#define ANALYSIS_HTML_PAGE_H

#include <stdbool.h>
#include <stdio.h>

enum { HTML_SECTIONS_MAX = 80, HTML_KEY_FIGURES_MAX = 12 };

struct html_page {
    FILE *stream; /* of the body */
    char *body;
    size_t length;
    unsigned ids;        /* given out */
    unsigned grid_cells; /* begun in this grid */
    bool has_flame;      /* the script of flame graphs is needed */
    struct {
        const char *id, *title;
    } sections[HTML_SECTIONS_MAX];
    size_t section_count;
};

/* What stands above all: as text, not as markup. */
struct html_head {
    const char *kind;    /* "run", "compare": of which command it is */
    const char *title;   /* of the window */
    const char *verdict; /* the headline: what was found, in a sentence */
    const char *subject; /* below it: of what, under what; or NULL */
    struct {
        const char *value, *name; /* "12.3 %", "of the processor time" */
    } key[HTML_KEY_FIGURES_MAX];
    size_t key_count;
};

/* The words of hakmem-trace's own command line, shown as what made the page. main() sets it. */
extern char *const *html_made_by;

/* -1 with errno. */
int html_begin(struct html_page *page);

/* Writes all of it and releases the body. -1 with errno. */
int html_end(struct html_page *page, const struct html_head *head, FILE *to);

/* Nothing is written; the body is released. */
void html_abandon(struct html_page *page);

/* Begins a section and ends the one before. It is in the contents, and others can link to `#id`.
 * Both last as long as the page. */
void html_section(struct html_page *page, const char *id, const char *title);

/* A heading within a section. */
void html_heading(struct html_page *page, const char *title);

/* Plain words, escaped. */
__attribute__((format(printf, 2, 3))) void html_paragraph(struct html_page *page,
                                                          const char *format, ...);

/* The same, small and set off: what was not measured, and why. */
__attribute__((format(printf, 2, 3))) void html_note(struct html_page *page, const char *format,
                                                     ...);

/* A picture with its caption, and the table behind it:
 *
 *      html_figure_begin(page, "Time by source");
 *      ... one picture or several: svg.h, html_bars.h, html_series.h ...
 *      html_figure_table(page);
 *      ... html_table.h ...
 *      html_figure_end(page);
 *
 * The table is folded away (<details>) and opens without the script; in print it is open. */
void html_figure_begin(struct html_page *page, const char *caption);
void html_figure_table(struct html_page *page);
void html_figure_end(struct html_page *page);

/* What is long and folded away, without a picture. */
void html_fold_begin(struct html_page *page, const char *summary);
void html_fold_end(struct html_page *page);

/* Small pictures side by side where there is room: html_grid_cell before each. */
void html_grid_begin(struct html_page *page);
void html_grid_cell(struct html_page *page);
void html_grid_end(struct html_page *page);

/* What colours mean, above a picture: one `html_key_item` each. `class`: html_colour.h. `value`,
 * which may be NULL, stands beside the name. */
void html_key_begin(struct html_page *page);
void html_key_item(struct html_page *page, const char *class, const char *name, const char *value);
void html_key_end(struct html_page *page);

/* A number that no other element of the page has, for an id. */
unsigned html_new_id(struct html_page *page);

#endif
