/* SPDX-License-Identifier: MIT */
/*
 * Two of the ledger's estimates, of one library: this program runs itself, as `run` and as `count`,
 * on the command, and reads what they report. And what the processor says of one run more. Short
 * commands are run several times, for samples enough.
 */
#ifndef ANALYSIS_LEDGER_EVIDENCE_H
#define ANALYSIS_LEDGER_EVIDENCE_H

#include "compare_process.h"
#include "counter_layout.h"
#include "report/ledger_model.h"

struct ledger_evidence {
    double cpu_s, operations; /* of all runs; operations 0: they are not counted */
    unsigned runs;
    struct ledger_indicators indicators;
    uint64_t samples, malloc_samples;
    uint64_t factor_samples[HAK_FACTOR_END];
    uint64_t calls; /* counted; 0: none could be */
    bool disassembled;
    struct ledger_counts all, factors[HAK_FACTOR_END]; /* sums, not yet divided by the calls */
    char missing[LEDGER_TEXT_BYTES];                   /* why something is; empty: nothing is */
};

/* `library` as `--with` takes it, `preload` as LD_PRELOAD does. `process` has been started. 0, or
 * the exit code after one line on stderr; a signal that came is in process->taken. */
int ledger_evidence_gather(struct compare_process *process, char *const *command,
                           const char *library, const char *preload,
                           struct ledger_evidence *evidence);

#endif
