/* SPDX-License-Identifier: MIT */
/* The slow paths in the JSON of run. */
#ifndef ANALYSIS_SLOW_PATH_JSON_H
#define ANALYSIS_SLOW_PATH_JSON_H

#include <jansson.h>

#include "slow_path_model.h"

/* null where they were not watched. */
json_t *slow_path_json(const struct report_slow_path *slow_path);

#endif
