/* SPDX-License-Identifier: MIT */
#include "compare_suite_json.h"

#include <stdlib.h>

#include "compare_json.h"
#include "json.h"
#include "json_value.h"

static json_t *name_of(const struct compare_report *report, size_t row)
{
    return row < report->row_count ? value_text(report->rows[row].name) : json_null();
}

static json_t *workload(const struct suite_workload *workload)
{
    json_t *object = json_object();
    const struct compare_report *report = workload->report;
    json_object_set_new(object, "name", value_text(workload->name));
    json_object_set_new(object, "skipped",
                        workload->skipped[0] ? value_text(workload->skipped) : json_null());
    json_object_set_new(object, "fastest",
                        report ? name_of(report, suite_fastest(workload)) : json_null());
    json_object_set_new(object, "leanest",
                        report ? name_of(report, suite_leanest(workload)) : json_null());
    json_object_set_new(object, "comparison", report ? compare_json(report) : json_null());
    return object;
}

static json_t *mean(const struct suite_mean *mean)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", value_number(mean->mean));
    json_object_set_new(object, "ci_low", value_number(mean->range.low));
    json_object_set_new(object, "ci_high", value_number(mean->range.high));
    json_object_set_new(object, "workloads", value_count(mean->workloads));
    return object;
}

static json_t *means(const struct suite_report *suite)
{
    json_t *list = json_array();
    for (size_t i = 0; i < suite->blank->row_count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(suite->blank->rows[i].name));
        json_object_set_new(object, "library", value_text(suite->blank->rows[i].library));
        json_object_set_new(object, "control", json_boolean(i == COMPARE_CONTROL));
        json_object_set_new(object, "speed", mean(&suite->speed[i]));
        json_object_set_new(object, "memory", mean(&suite->memory[i]));
        json_object_set_new(object, "of_floor", mean(&suite->of_floor[i]));
        json_array_append_new(list, object);
    }
    return list;
}

int suite_print_json(const struct suite_report *suite, FILE *stream)
{
    const struct compare_report *blank = suite->blank;
    json_t *root = json_object(), *workloads = json_array(), *notes = json_array();
    for (size_t i = 0; i < suite->workload_count; i++)
        json_array_append_new(workloads, workload(&suite->workloads[i]));
    for (size_t i = 0; i < blank->note_count; i++)
        json_array_append_new(notes, value_text(blank->notes[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("compare suite"));
    json_object_set_new(root, "file", value_text(suite->file));
    json_object_set_new(root, "metric", value_text(blank->metric));
    json_object_set_new(root, "better", json_string(blank->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "rounds", value_count(blank->rounds));
    json_object_set_new(root, "interrupted", json_boolean(suite->interrupted));
    json_object_set_new(root, "seed", value_count(blank->seed));
    json_object_set_new(root, "core", blank->core < 0 ? json_null() : json_integer(blank->core));
    json_object_set_new(root, "elapsed_s", value_number(suite->elapsed_s));
    json_object_set_new(root, "geometric_means", means(suite));
    json_object_set_new(root, "workloads", workloads);
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
