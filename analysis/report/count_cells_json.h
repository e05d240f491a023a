/* SPDX-License-Identifier: MIT */
/* What counted instructions are in JSON. */
#ifndef ANALYSIS_COUNT_CELLS_JSON_H
#define ANALYSIS_COUNT_CELLS_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "count_model.h"

/* `instructions`, `loads`, `stores`, `branches`; null without a disassembler but the first. */
json_t *count_effects_json(const struct count_effects *effects, bool disassembled);

/* Sets `min`, `median`, `p90`, `p99`, `max`; null where nothing was counted. */
void count_spread_json(json_t *object, const struct count_spread *spread, bool known);

/* Sets `dependent_loads_min` and `dependent_loads_max`; null without a disassembler. */
void count_chains_json(json_t *object, const struct count_chains *chains, bool disassembled);

#endif
