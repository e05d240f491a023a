/* SPDX-License-Identifier: MIT */
/* Lines of source files, as debug information names them. */
#ifndef ANALYSIS_SOURCE_TEXT_H
#define ANALYSIS_SOURCE_TEXT_H

#include <stdbool.h>
#include <time.h>

struct source_texts;

/* `built`: when the code was, which newer files don't tell of. NULL with errno. */
struct source_texts *source_texts_create(time_t built);
void source_texts_destroy(struct source_texts *texts);

/* The line (the first is 1) without the blanks around it, as long as the texts live; so must
 * `folder`, which a relative `file` is relative to (or NULL), and `file`. NULL where the file can't
 * be found or read, is no regular one or above 4 MiB, or has no such line. */
const char *source_texts_line(struct source_texts *texts, const char *folder, const char *file,
                              int line);

/* Some file that lines were taken of is newer than the code. */
bool source_texts_are_newer(const struct source_texts *texts);

#endif
