/* SPDX-License-Identifier: MIT */
/* Lines of source files, kept as they were when first asked for: for the reader alone. */
#ifndef ANALYSIS_SOURCE_TEXT_H
#define ANALYSIS_SOURCE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct source_file;

struct source_texts {
    struct source_file *files;
    size_t count, capacity;
};

/* The line (the first is 1) without the blanks around it, and when the file was `written`. The path
 * is kept. NULL where the file can't be read, is no regular one or above 4 MiB, or has no such
 * line. */
const char *source_texts_line(struct source_texts *texts, const char *path, uint64_t line,
                              time_t *written);

void source_texts_finish(struct source_texts *texts);

#endif
