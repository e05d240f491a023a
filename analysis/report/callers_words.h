/* SPDX-License-Identifier: MIT */
/* A call path and its figures as words. */
#ifndef ANALYSIS_CALLERS_WORDS_H
#define ANALYSIS_CALLERS_WORDS_H

#include <stddef.h>

#include "callers_model.h"

struct terminal;

/* In `text`, which is returned: "1234", "12.3 k", "45.6 M"; "12 us". */
const char *count_words(double count, char *text, size_t size);
const char *time_words(double ns, char *text, size_t size);

/* "malloc < node_new < insert < main", indented, broken where the line ends. */
void print_call_path(const struct callers_path *path, int indent, const struct terminal *terminal);

#endif
