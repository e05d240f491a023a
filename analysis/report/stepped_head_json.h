/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_STEPPED_HEAD_JSON_H
#define ANALYSIS_STEPPED_HEAD_JSON_H

#include <jansson.h>

#include "stepped_head.h"

/* A report of this kind, which begins with it, to be filled on. */
json_t *stepped_head_json(const struct stepped_head *head, const char *kind);

#endif
