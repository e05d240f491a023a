/* SPDX-License-Identifier: MIT */
#include "why_watch.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "compare_outcome.h"
#include "report/model.h"

enum { ARGUMENTS_OWN = 16 };

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void take_shares(const json_t *steps, struct why_run *run)
{
    size_t i;
    json_t *step;
    for (int part = 0; part < STEP_PARTS; part++)
        run->shares[part] = json_array_size(steps) ? 0 : NAN;
    json_array_foreach(steps, i, step)
    {
        enum step_part part = step_part_of(json_string_value(json_object_get(step, "name")));
        if (part < STEP_PARTS)
            run->shares[part] = number(step, "share");
    }
}

/* Told apart for libhakmem alone. */
static double kernel_for_malloc(const json_t *root)
{
    size_t i;
    json_t *source;
    double share = 0;
    if (!json_is_true(json_object_get(json_object_get(root, "sampling"), "kernel_for_malloc")))
        return NAN;
    json_array_foreach(json_object_get(root, "sources"), i, source)
    {
        const char *group = json_string_value(json_object_get(source, "group"));
        if (group && strcmp(group, report_group_names[REPORT_KERNEL_MALLOC]) == 0)
            share += number(source, "share");
    }
    return share;
}

static bool take_report(const char *file, struct why_run *run)
{
    json_error_t error;
    json_t *root = json_load_file(file, 0, &error);
    if (!root)
        return false;
    const json_t *counters = json_object_get(root, "counters");
    const json_t *sampling = json_object_get(root, "sampling");
    double cost = number(json_object_get(root, "overhead"), "sampling");
    run->cpu_s = number(root, "cpu_s");
    run->samples_cost = cost > 0 && cost < 1 ? cost : 0;
    run->samples = (uint64_t)json_integer_value(json_object_get(sampling, "samples"));
    run->is_user_only = json_is_false(json_object_get(sampling, "kernel"));
    run->operations = json_is_object(counters) ? number(root, "operations") : NAN;
    run->remote_frees = number(counters, "remote_frees");
    const char *brought = json_string_value(json_object_get(root, "brought"));
    snprintf(run->brought, sizeof run->brought, "%s", brought ? brought : "");
    run->kernel_for_malloc = kernel_for_malloc(root);
    take_shares(json_object_get(root, "steps"), run);
    json_decref(root);
    return true;
}

static char **watching_arguments(const struct why_measure *measure, char *const *command,
                                 char *name)
{
    /* What samples cost is taken off, so they may cost a little more. */
    char *own[ARGUMENTS_OWN] = {
        OWN_PROGRAM, "run",       "--no-bpf", "--budget",           "2", "--with", name,
        "--output",  "/dev/null", "--json",   (char *)measure->file};
    size_t used = 11;
    if (measure->options->frequency) {
        own[used++] = "--frequency";
        own[used++] = (char *)measure->options->frequency;
    }
    own[used] = "--";
    return own_arguments(own, command);
}

int why_watch(struct why_measure *measure, char *const *command, char *name, struct compare_run run,
              struct compare_row *row, struct why_run *watched)
{
    struct compare_run done;
    struct compare_row alone = {.library = row->library, .runs = &done};
    char **arguments = watching_arguments(measure, command, name);
    if (!arguments || truncate(measure->file, 0) != 0) {
        complain("%s", strerror(errno));
        free(arguments);
        return EXIT_TOOL_FAILED;
    }
    int error = compare_outcome_of_run(&measure->options->compare, &measure->compare.process,
                                       arguments, NULL, run, &alone);
    free(arguments);
    if (alone.failure[0]) {
        snprintf(row->failure, sizeof row->failure, "%.240s, watched", alone.failure);
        row->last_output = alone.last_output;
    } else if (alone.run_count) {
        *watched = (struct why_run){.round = run.round, .figure = done.figure};
        if (!take_report(measure->file, watched)) {
            snprintf(row->failure, sizeof row->failure, "no report of the watched run in round %u",
                     run.round);
            watched->round = 0;
        }
    }
    return error;
}
