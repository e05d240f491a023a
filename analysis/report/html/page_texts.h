/* SPDX-License-Identifier: MIT */
/* The files page.css, page_dark.css, page.js and flame.js, embedded by write_page_texts.c: what
 * stands between the tags of their elements, and the digests of the scripts. */
#ifndef ANALYSIS_PAGE_TEXTS_H
#define ANALYSIS_PAGE_TEXTS_H

extern const char html_page_css[];
extern const char html_page_dark_css[];
extern const char html_page_js[];
extern const char html_flame_js[];
extern const char html_page_js_sha256[];
extern const char html_flame_js_sha256[];

#endif
