/* SPDX-License-Identifier: MIT */
#include "ledger_evidence.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collect/variant.h"
#include "ledger_indicators.h"
#include "own_report.h"

/* Processor time to sample, in as many runs as it takes. */
#define SAMPLED_S 4.0
enum { SAMPLED_RUNS_MAX = 24, ARGUMENTS_OWN = 14 };

/* Its report as JSON, or NULL with the reason noted. */
static json_t *report_of(struct compare_process *process, char *const *own, char *const *command,
                         const char *file, struct ledger_evidence *evidence)
{
    struct compare_end end;
    json_t *root = own_report(process, own, command, 0, file, &end);
    if (!root && !process->taken)
        snprintf(evidence->missing, sizeof evidence->missing, "%s left no report", own[1]);
    return root;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* The functions that level routed of classify calls stand in a file of their own. */
static size_t factor_of(const json_t *source)
{
    const char *name = json_string_value(json_object_get(source, "name"));
    size_t f = 0;
    if (name && strcmp(name, "routes") == 0)
        return HAK_FACTOR_CLASSIFY;
    while (f < HAK_FACTOR_END && (!name || strcmp(name, variant_factors[f].name) != 0))
        f++;
    return f;
}

static void add_samples(const json_t *root, struct ledger_evidence *evidence)
{
    size_t i;
    json_t *source;
    json_array_foreach(json_object_get(root, "sources"), i, source)
    {
        const char *group = json_string_value(json_object_get(source, "group"));
        uint64_t samples = (uint64_t)number(source, "samples");
        size_t f = factor_of(source);
        evidence->samples += samples;
        if (group && strcmp(group, "application") != 0 && strcmp(group, "kernel") != 0)
            evidence->malloc_samples += samples;
        if (f < HAK_FACTOR_END)
            evidence->factor_samples[f] += samples;
    }
    evidence->runs++;
    evidence->cpu_s += number(root, "cpu_s");
    evidence->operations += number(root, "operations");
}

static void sample(struct compare_process *process, char *const *command, const char *library,
                   char *file, struct ledger_evidence *evidence)
{
    char *own[ARGUMENTS_OWN] = {
        OWN_PROGRAM,     "run",      "--no-bpf",  "--budget", "2",  "--with",
        (char *)library, "--output", "/dev/null", "--json",   file, "--"};
    for (int i = 0; i < SAMPLED_RUNS_MAX && evidence->cpu_s < SAMPLED_S; i++) {
        json_t *root = report_of(process, own, command, file, evidence);
        if (!root)
            return;
        add_samples(root, evidence);
        json_decref(root);
    }
    if (evidence->samples == 0)
        snprintf(evidence->missing, sizeof evidence->missing, "the kernel gives no samples");
}

static void add_counts(const json_t *effects, struct ledger_counts *counts)
{
    counts->instructions += number(effects, "instructions");
    counts->loads += number(effects, "loads");
    counts->stores += number(effects, "stores");
    counts->branches += number(effects, "branches");
}

static void take_counts(const json_t *root, struct ledger_evidence *evidence)
{
    size_t i;
    json_t *kind, *source;
    json_array_foreach(json_object_get(root, "kinds"), i, kind)
    {
        evidence->calls += (uint64_t)number(kind, "calls");
        evidence->disassembled |= json_is_integer(json_object_get(kind, "loads"));
        add_counts(kind, &evidence->all);
    }
    json_array_foreach(json_object_get(root, "sources"), i, source)
    {
        size_t f = factor_of(source);
        const char *key;
        json_t *effects;
        if (f == HAK_FACTOR_END)
            continue;
        json_object_foreach(source, key, effects)
        {
            if (json_is_object(effects))
                add_counts(effects, &evidence->factors[f]);
        }
    }
}

static void count(struct compare_process *process, char *const *command, const char *library,
                  char *file, struct ledger_evidence *evidence)
{
    char *own[ARGUMENTS_OWN] = {OWN_PROGRAM,     "count",    "--with",
                                (char *)library, "--output", "/dev/null",
                                "--json",        file,       "--"};
    json_t *root = report_of(process, own, command, file, evidence);
    if (!root)
        return;
    take_counts(root, evidence);
    json_decref(root);
    if (evidence->calls == 0)
        snprintf(evidence->missing, sizeof evidence->missing, "no calls could be counted");
}

int ledger_evidence_gather(struct compare_process *process, char *const *command,
                           const char *library, const char *preload,
                           struct ledger_evidence *evidence)
{
    char file[OWN_REPORT_PATH];
    *evidence = (struct ledger_evidence){0};
    int error = own_report_file(file);
    if (error)
        return error;
    sample(process, command, library, file, evidence);
    if (!process->taken)
        count(process, command, library, file, evidence);
    unlink(file);
    if (!process->taken)
        ledger_indicators_gather(process, command, preload, &evidence->indicators,
                                 evidence->missing, sizeof evidence->missing);
    return 0;
}
