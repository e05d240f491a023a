/* SPDX-License-Identifier: MIT */
/* Values as every report writes them in JSON. NULL where memory is out, as in jansson. */
#ifndef ANALYSIS_JSON_VALUE_H
#define ANALYSIS_JSON_VALUE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "estimate.h"

/* null where it is not finite: not measured. */
json_t *value_number(double value);

/* An object of value, ci_low and ci_high; null where it was not measured. */
json_t *value_estimate(const struct estimate *estimate);

/* As a real number where it is greater than any integer of JSON's. */
json_t *value_count(uint64_t value);

/* JSON is UTF-8: of text that is not, bytes above 127 are written as \xNN. NULL becomes null. */
json_t *value_text(const char *value);

/* A list of texts; `texts` ends with NULL. */
json_t *value_texts(char *const *texts);

/* Writes a whole report, which is released (NULL: memory is out). 0, or -1 with errno. */
int value_write(json_t *root, FILE *stream);

/* The same as one line, flushed. */
int value_write_line(json_t *root, FILE *stream);

#endif
