/* SPDX-License-Identifier: MIT */
/*
 * What a command asks of the processor and its memory: counted by the processor where it has
 * counters that may be used (a PMU), else computed by cachegrind, a model of caches and branch
 * prediction that knows no out-of-order execution and no prefetch (valgrind.org/docs/manual).
 */
#ifndef ANALYSIS_LEDGER_INDICATORS_H
#define ANALYSIS_LEDGER_INDICATORS_H

#include "compare_process.h"
#include "report/ledger_model.h"

/* Runs the command once, `preload` as of compare_process_run; for the model about 50 times as slow.
 * Where neither is to be had, the indicators are NAN and `missing` says why. */
void ledger_indicators_gather(struct compare_process *process, char *const *command,
                              const char *preload, struct ledger_indicators *indicators,
                              char *missing, size_t missing_bytes);

#endif
