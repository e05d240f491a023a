/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_LEDGER_JSON_H
#define ANALYSIS_LEDGER_JSON_H

#include <jansson.h>

#include "ledger_model.h"

/* null where no ledger was made. */
json_t *ledger_json(const struct ledger *ledger);

#endif
