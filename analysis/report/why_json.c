/* SPDX-License-Identifier: MIT */
#include "why_json.h"

#include <jansson.h>
#include <math.h>

#include "compare_json.h"
#include "json.h"
#include "json_value.h"

static json_t *value(const struct waterfall_value *of)
{
    json_t *object = json_object();
    json_object_set_new(object, "a", value_number(of->of[WATERFALL_A]));
    json_object_set_new(object, "b", value_number(of->of[WATERFALL_B]));
    json_object_set_new(object, "difference", value_number(of->difference));
    json_object_set_new(object, "ci_low", value_number(of->range.low));
    json_object_set_new(object, "ci_high", value_number(of->range.high));
    return object;
}

static json_t *parts(const struct why_report *report)
{
    json_t *list = json_array();
    for (int part = 0; part < STEP_PARTS; part++) {
        json_t *object = value(&report->fall.parts[part]);
        json_object_set_new(object, "name", json_string(step_part_names[part]));
        json_object_set_new(object, "sign", json_string(why_sign_names[report->signs[part]]));
        json_object_set_new(object, "control",
                            value_number(report->control.parts[part].difference));
        json_array_append_new(list, object);
    }
    return list;
}

/* Without parts there is no such thing. */
static json_t *of_parts(const struct why_report *report, const struct waterfall_value *of)
{
    return report->has_parts ? value(of) : json_null();
}

static json_t *waterfall(const struct why_report *report)
{
    const struct waterfall *fall = &report->fall;
    json_t *object = json_object(), *explained = json_object();
    json_object_set_new(explained, "share", value_number(fall->explained));
    json_object_set_new(explained, "ci_low", value_number(fall->explained_range.low));
    json_object_set_new(explained, "ci_high", value_number(fall->explained_range.high));
    json_object_set_new(object, "unit", json_string(why_unit_names[report->unit]));
    json_object_set_new(object, "rounds", value_count(fall->rounds));
    json_object_set_new(object, "measured", value(&fall->measured));
    json_object_set_new(object, "control", value(&report->control.measured));
    json_object_set_new(object, "parts", parts(report));
    json_object_set_new(object, "sum", of_parts(report, &fall->sum));
    json_object_set_new(object, "known", of_parts(report, &fall->known));
    json_object_set_new(object, "unexplained", of_parts(report, &fall->unexplained));
    json_object_set_new(object, "explained", explained);
    json_object_set_new(object, "verdict", json_string(why_verdict_names[report->verdict]));
    return object;
}

static json_t *instructions_of(const struct why_instructions *of)
{
    json_t *object = json_object(), *calls = json_object(), *steps = json_array();
    for (int k = 0; k < WHY_KINDS; k++)
        json_object_set_new(calls, why_kind_names[k], value_count(of->calls[k]));
    for (int part = PART_APPLICATION; part <= PART_UNKNOWN; part++) {
        json_t *step = json_object();
        json_object_set_new(
            step, "name",
            json_string(part == PART_APPLICATION ? "other libraries" : step_part_names[part]));
        for (int k = 0; k < WHY_KINDS; k++)
            json_object_set_new(step, why_kind_names[k], value_count(of->by[part][k]));
        json_array_append_new(steps, step);
    }
    json_object_set_new(object, "calls", calls);
    json_object_set_new(object, "steps", steps);
    return object;
}

static json_t *instructions(const struct why_report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "a", instructions_of(&report->instructions[WATERFALL_A]));
    json_object_set_new(object, "b", instructions_of(&report->instructions[WATERFALL_B]));
    json_object_set_new(object, "known", value_number(why_instructions_known(report)));
    return object;
}

static json_t *figures(const struct why_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->figure_count; i++) {
        const struct why_figure *of = &report->figures[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(of->name));
        json_object_set_new(object, "a", value_number(of->of[WATERFALL_A]));
        json_object_set_new(object, "b", value_number(of->of[WATERFALL_B]));
        json_object_set_new(object, "difference", value_number(of->difference));
        json_object_set_new(object, "ci_low", value_number(of->range.low));
        json_object_set_new(object, "ci_high", value_number(of->range.high));
        json_object_set_new(object, "sign", json_string(why_sign_names[of->sign]));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *sharing_of(const struct why_sharing *of)
{
    if (!of->known)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "threads", value_count(of->threads));
    json_object_set_new(object, "blocks", value_count(of->blocks));
    json_object_set_new(object, "shared", value_count(of->shared));
    return object;
}

static json_t *threads(const struct why_report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "one_thread", json_boolean(report->is_one_thread));
    json_object_set_new(object, "remote_frees_per_op", value_number(report->remote_frees));
    json_object_set_new(object, "a", sharing_of(&report->sharing[WATERFALL_A]));
    json_object_set_new(object, "b", sharing_of(&report->sharing[WATERFALL_B]));
    return object;
}

static json_t *operations(const struct why_report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "median", value_number(report->operations));
    json_object_set_new(object, "least", value_number(report->operations_least));
    json_object_set_new(object, "most", value_number(report->operations_most));
    json_object_set_new(object, "runs", value_count(report->operations_runs));
    json_object_set_new(object, "counted_on", value_text(report->operations_on));
    return object;
}

static json_t *watched_run(const struct why_run *run, const char *of)
{
    json_t *object = json_object(), *shares = json_object();
    json_object_set_new(object, "of", json_string(of));
    json_object_set_new(object, "round", value_count(run->round));
    json_object_set_new(object, "cpu_s", value_number(run->cpu_s));
    json_object_set_new(object, "figure", value_number(run->figure));
    json_object_set_new(object, "samples", value_count(run->samples));
    json_object_set_new(object, "samples_cost", value_number(run->samples_cost));
    json_object_set_new(object, "operations", value_number(run->operations));
    for (int part = 0; part < STEP_PARTS; part++)
        json_object_set_new(shares, step_part_names[part], value_number(run->shares[part]));
    json_object_set_new(object, "shares", shares);
    return object;
}

static json_t *watched(const struct why_report *report)
{
    static const char *const names[WHY_ROWS] = {
        [WHY_ROW_A] = "a", [WHY_ROW_CONTROL] = "control", [WHY_ROW_B] = "b"};
    json_t *list = json_array();
    for (int row = 0; row < WHY_ROWS; row++) {
        for (unsigned round = 0; round < report->comparison.rounds; round++) {
            if (report->watched[row][round].round)
                json_array_append_new(list, watched_run(&report->watched[row][round], names[row]));
        }
    }
    return list;
}

int why_print_json(const struct why_report *report, FILE *stream)
{
    json_t *root = json_object();
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("why"));
    json_object_set_new(root, "a", value_text(why_name(report, WATERFALL_A)));
    json_object_set_new(root, "b", value_text(why_name(report, WATERFALL_B)));
    json_object_set_new(root, "command", value_texts(report->comparison.command));
    json_object_set_new(root, "interrupted", json_boolean(report->comparison.interrupted));
    json_object_set_new(root, "operations", operations(report));
    json_object_set_new(root, "waterfall", waterfall(report));
    json_object_set_new(root, "instructions", instructions(report));
    json_object_set_new(root, "figures", figures(report));
    json_t *kernel = json_object();
    json_object_set_new(kernel, "a", value_number(report->kernel_for_malloc[WATERFALL_A]));
    json_object_set_new(kernel, "b", value_number(report->kernel_for_malloc[WATERFALL_B]));
    json_object_set_new(root, "kernel_for_malloc", kernel);
    json_object_set_new(root, "threads", threads(report));
    json_object_set_new(root, "watched", watched(report));
    json_object_set_new(root, "comparison", compare_json(&report->comparison));
    return value_write(root, stream);
}
