/* SPDX-License-Identifier: MIT */
#include "ledger_indicators.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/perf_event.h"

enum { MODEL_ARGUMENTS = 9 };

#define TLB_LOAD_MISSES                                                                            \
    (PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_OP_READ << 8 |                                 \
     PERF_COUNT_HW_CACHE_RESULT_MISS << 16)

static const struct {
    uint32_t type;
    uint64_t config;
} events[LEDGER_INDICATORS] = {
    [LEDGER_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    [LEDGER_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    [LEDGER_BRANCHES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
    [LEDGER_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    [LEDGER_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    [LEDGER_TLB_MISSES] = {PERF_TYPE_HW_CACHE, TLB_LOAD_MISSES},
};

static void close_all(const int counters[LEDGER_INDICATORS])
{
    for (size_t i = 0; i < LEDGER_INDICATORS; i++) {
        if (counters[i] >= 0)
            close(counters[i]);
    }
}

/* On this process, for what it starts: each begins to count when its child executes a program.
 * False where the processor has no cycles to count; what else is missing stays -1. */
static bool open_all(int counters[LEDGER_INDICATORS])
{
    for (size_t i = 0; i < LEDGER_INDICATORS; i++) {
        struct perf_event_attr attr = {
            .size = sizeof attr,
            .type = events[i].type,
            .config = events[i].config,
            .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
            .disabled = 1,
            .inherit = 1,
            .enable_on_exec = 1,
            .exclude_kernel = 1,
            .exclude_hv = 1,
        };
        counters[i] = perf_event_open_on(&attr, 0, -1);
    }
    if (counters[LEDGER_CYCLES] >= 0 && counters[LEDGER_INSTRUCTIONS] >= 0)
        return true;
    close_all(counters);
    return false;
}

/* Where there are more events than counters the kernel lets them take turns. */
static double read_counter(int counter)
{
    struct {
        uint64_t value, enabled, running;
    } read_out;
    if (counter < 0 || read(counter, &read_out, sizeof read_out) != (ssize_t)sizeof read_out ||
        read_out.running == 0)
        return NAN;
    return (double)read_out.value * ((double)read_out.enabled / (double)read_out.running);
}

static bool count(struct compare_process *process, char *const *command, const char *preload,
                  struct ledger_indicators *indicators)
{
    int counters[LEDGER_INDICATORS];
    struct compare_end end;
    if (!open_all(counters))
        return false;
    bool done = compare_process_run(process, command, preload, 0, &end) == 0 && !end.exec_error &&
                end.status == 0;
    for (size_t i = 0; i < LEDGER_INDICATORS && done; i++)
        indicators->of[i] = read_counter(counters[i]);
    indicators->source = done ? LEDGER_BY_PMU : LEDGER_BY_NOTHING;
    close_all(counters);
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
