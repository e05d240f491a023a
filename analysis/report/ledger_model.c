/* SPDX-License-Identifier: MIT */
#include "ledger_model.h"

const char *const ledger_verdict_names[LEDGER_VERDICTS] = {
    [LEDGER_UNKNOWN] = "unknown",     [LEDGER_TOO_SMALL] = "too small",
    [LEDGER_CONFIRMED] = "confirmed", [LEDGER_REFUTED] = "refuted",
    [LEDGER_MEASURED] = "measured",   [LEDGER_DISAGREE] = "they disagree",
};
