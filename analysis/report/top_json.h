/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_TOP_JSON_H
#define ANALYSIS_TOP_JSON_H

#include <stdio.h>

#include "top_list.h"
#include "top_model.h"

/* One moment as one line (keys: ../README.md), flushed. 0, or -1 with errno. */
int top_print_json(const struct top_target *target, const struct top_moment *moment, FILE *stream);

/* The list of processes, likewise. */
int top_list_print_json(const struct top_list *list, FILE *stream);

#endif
