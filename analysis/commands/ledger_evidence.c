/* SPDX-License-Identifier: MIT */
#include "ledger_evidence.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/variant.h"
#include "commands.h"
#include "ledger_indicators.h"

/* Processor time to sample, in as many runs as it takes. */
#define SAMPLED_S 4.0
enum { SAMPLED_RUNS_MAX = 24, ARGUMENTS_OWN = 14 };

static size_t length_of(char *const *command)
{
    size_t count = 0;
    while (command[count])
        count++;
    return count;
}

/* Runs `hakmem-trace VERB ... -- COMMAND`; its report as JSON, or NULL with the reason noted. */
static json_t *report_of(struct compare_process *process, char *const *own, char *const *command,
                         const char *file, struct ledger_evidence *evidence)
{
    size_t own_count = length_of(own), count = length_of(command);
    char **arguments = calloc(own_count + count + 1, sizeof *arguments);
    struct compare_end end;
    json_error_t error;
    if (!arguments)
        return NULL;
    memcpy(arguments, own, own_count * sizeof *own);
    memcpy(arguments + own_count, command, count * sizeof *command);
    int failed = compare_process_run(process, arguments, NULL, 0, &end);
    free(arguments);
    json_t *root = failed || process->taken ? NULL : json_load_file(file, 0, &error);
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
        "/proc/self/exe", "run",      "--no-bpf",  "--budget", "2",  "--with",
        (char *)library,  "--output", "/dev/null", "--json",   file, "--"};
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
    char *own[ARGUMENTS_OWN] = {"/proc/self/exe", "count",    "--with",
                                (char *)library,  "--output", "/dev/null",
                                "--json",         file,       "--"};
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
    const char *parent = getenv("TMPDIR");
    char file[4096];
    *evidence = (struct ledger_evidence){0};
    snprintf(file, sizeof file, "%.3000s/hakmem-trace-XXXXXX", parent && *parent ? parent : "/tmp");
    int descriptor = mkstemp(file);
    if (descriptor < 0) {
        complain("%s: %s", file, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    close(descriptor);
    sample(process, command, library, file, evidence);
    if (!process->taken)
        count(process, command, library, file, evidence);
    unlink(file);
    if (!process->taken)
        ledger_indicators_gather(process, command, preload, &evidence->indicators,
                                 evidence->missing, sizeof evidence->missing);
    return 0;
}
