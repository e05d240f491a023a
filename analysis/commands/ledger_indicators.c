/* SPDX-License-Identifier: MIT */
#include "ledger_indicators.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "collect/hardware_counters.h"

enum { MODEL_ARGUMENTS = 9 };

_Static_assert((int)LEDGER_CYCLES == (int)HARDWARE_CYCLES &&
                   (int)LEDGER_INSTRUCTIONS == (int)HARDWARE_INSTRUCTIONS &&
                   (int)LEDGER_BRANCHES == (int)HARDWARE_BRANCHES &&
                   (int)LEDGER_BRANCH_MISSES == (int)HARDWARE_BRANCH_MISSES &&
                   (int)LEDGER_CACHE_MISSES == (int)HARDWARE_CACHE_MISSES &&
                   (int)LEDGER_TLB_MISSES == (int)HARDWARE_TLB_MISSES &&
                   (int)LEDGER_INDICATORS == (int)HARDWARE_COUNTERS,
               "the ledger's indicators are the processor's counters");

static bool count(struct compare_process *process, char *const *command, const char *preload,
                  struct ledger_indicators *indicators)
{
    struct hardware_counters counters;
    struct compare_end end;
    if (!hardware_counters_open(&counters))
        return false;
    bool done = compare_process_run(process, command, preload, 0, &end) == 0 && !end.exec_error &&
                end.status == 0;
    for (size_t i = 0; i < LEDGER_INDICATORS && done; i++)
        indicators->of[i] = hardware_counters_read(&counters, (enum hardware_counter)i);
    indicators->source = done ? LEDGER_BY_PMU : LEDGER_BY_NOTHING;
    hardware_counters_close(&counters);
    return done;
}

/* The number behind `name`, with commas in it, in the last summary of `text`. */
static double summary(const char *text, const char *name)
{
    const char *found = NULL;
    double value = 0;
    for (const char *next = text; (next = strstr(next, name)) != NULL; next++)
        found = next;
    if (!found)
        return NAN;
    found += strlen(name);
    found += strspn(found, " ");
    for (; (*found >= '0' && *found <= '9') || *found == ','; found++)
        value = *found == ',' ? value : 10 * value + (*found - '0');
    return value;
}

/* A model of one processor, whatever runs it: caches of 32 and 48 KiB, and 1 MiB behind them, as a
 * core of Zen 5 has. */
static bool model(struct compare_process *process, char *const *command, const char *preload,
                  struct ledger_indicators *indicators)
{
    static char *const own[MODEL_ARGUMENTS] = {
        "valgrind",           "--tool=cachegrind",
        "--cache-sim=yes",    "--branch-sim=yes",
        "--I1=32768,8,64",    "--D1=49152,12,64",
        "--LL=1048576,16,64", "--cachegrind-out-file=/dev/null",
        "--trace-children=no"};
    size_t length = 0;
    struct compare_end end;
    while (command[length])
        length++;
    char **arguments = calloc(MODEL_ARGUMENTS + length + 1, sizeof *arguments);
    if (!arguments)
        return false;
    memcpy(arguments, own, sizeof own);
    memcpy(arguments + MODEL_ARGUMENTS, command, length * sizeof *command);
    bool done = compare_process_run(process, arguments, preload, 0, &end) == 0 && !end.exec_error &&
                end.status == 0 && !process->taken;
    free(arguments);
    if (!done)
        return false;
    const char *text = process->tail.bytes;
    indicators->of[LEDGER_INSTRUCTIONS] = summary(text, "I   refs:");
    indicators->of[LEDGER_BRANCHES] = summary(text, "Branches:");
    indicators->of[LEDGER_BRANCH_MISSES] = summary(text, "Mispredicts:");
    indicators->of[LEDGER_CACHE_MISSES] = summary(text, "D1  misses:");
    indicators->source =
        isnan(indicators->of[LEDGER_INSTRUCTIONS]) ? LEDGER_BY_NOTHING : LEDGER_BY_MODEL;
    return indicators->source == LEDGER_BY_MODEL;
}

void ledger_indicators_gather(struct compare_process *process, char *const *command,
                              const char *preload, struct ledger_indicators *indicators,
                              char *missing, size_t missing_bytes)
{
    *indicators = (struct ledger_indicators){.source = LEDGER_BY_NOTHING};
    for (size_t i = 0; i < LEDGER_INDICATORS; i++)
        indicators->of[i] = NAN;
    if (count(process, command, preload, indicators) || process->taken)
        return;
    if (!model(process, command, preload, indicators) && !process->taken)
        snprintf(missing, missing_bytes,
                 "no PMU to count cycles and misses with, and no model: apt install valgrind");
}
