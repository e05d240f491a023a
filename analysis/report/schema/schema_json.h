/* SPDX-License-Identifier: MIT */
/* The declarations as a JSON Schema, and as a page for people. */
#ifndef ANALYSIS_SCHEMA_JSON_H
#define ANALYSIS_SCHEMA_JSON_H

#include <stdio.h>

/* JSON Schema 2020-12. 0, or -1 with errno. */
int schema_print_json(FILE *stream);

/* Markdown. 0, or -1 with errno. */
int schema_print_page(FILE *stream);

#endif
