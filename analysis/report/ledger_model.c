/* SPDX-License-Identifier: MIT */
#include "ledger_model.h"

const char *const ledger_verdict_names[LEDGER_VERDICTS] = {
    [LEDGER_UNKNOWN] = "unknown",     [LEDGER_TOO_SMALL] = "too small",
    [LEDGER_CONFIRMED] = "confirmed", [LEDGER_REFUTED] = "refuted",
    [LEDGER_MEASURED] = "measured",   [LEDGER_DISAGREE] = "they disagree",
};

const char *const ledger_indicator_names[LEDGER_INDICATORS] = {
    [LEDGER_CYCLES] = "cycles",
    [LEDGER_INSTRUCTIONS] = "instructions",
    [LEDGER_BRANCHES] = "branches",
    [LEDGER_BRANCH_MISSES] = "branch misses",
    [LEDGER_CACHE_MISSES] = "cache misses",
    [LEDGER_TLB_MISSES] = "dTLB misses",
};

const char *const ledger_source_names[] = {
    [LEDGER_BY_NOTHING] = "nothing",
    [LEDGER_BY_PMU] = "the PMU",
    [LEDGER_BY_MODEL] = "cachegrind, a model",
};
