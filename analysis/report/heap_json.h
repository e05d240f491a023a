/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_HEAP_JSON_H
#define ANALYSIS_HEAP_JSON_H

#include <jansson.h>

#include "heap_model.h"

/* What "heap" is in the report of run, as analysis/README.md documents it; null for NULL. */
json_t *heap_json(const struct heap_report *report);

#endif
