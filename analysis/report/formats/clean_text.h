/* SPDX-License-Identifier: MIT */
/* Names that others wrote, as text that every reader of a format takes: UTF-8, one line. */
#ifndef ANALYSIS_CLEAN_TEXT_H
#define ANALYSIS_CLEAN_TEXT_H

#include <stddef.h>

/* Longer names are cut: templates have such. */
enum { CLEAN_TEXT_BYTES = 4096 };

/* Copies `text` to `clean`, where it is ended. What is no UTF-8 (RFC 3629), a control character,
 * and every byte of `special`, become \xNN. Returns `clean`. */
const char *clean_text(const char *text, const char *special, char clean[CLEAN_TEXT_BYTES]);

#endif
