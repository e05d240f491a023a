/* SPDX-License-Identifier: MIT */
#include "ablate_json.h"

#include "compare_json.h"
#include "json.h"
#include "json_value.h"
#include "ledger_json.h"

static json_t *factors(const struct ablate_report *report)
{
    json_t *list = json_array();
    for (size_t f = 0; f < report->factorial.factor_count; f++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(report->factors[f].name));
        json_object_set_new(object, "modern", json_string(report->factors[f].modern));
        json_object_set_new(object, "far", json_string(report->factors[f].far));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *levels(const struct ablate_report *report, unsigned cell)
{
    json_t *object = json_object();
    for (size_t f = 0; f < report->factorial.factor_count; f++) {
        const struct ablate_factor *factor = &report->factors[f];
        json_object_set_new(object, factor->name,
                            json_string(cell >> f & 1 ? factor->far : factor->modern));
    }
    return object;
}

static json_t *row(const struct compare_row *row)
{
    json_t *object = json_object(), *runs = json_array();
    for (size_t i = 0; i < row->run_count; i++)
        json_array_append_new(runs, compare_run_json(&row->runs[i]));
    json_object_set_new(object, "name", value_text(row->name));
    json_object_set_new(object, "library", value_text(row->library));
    json_object_set_new(object, "failure",
                        row->failure[0] ? value_text(row->failure) : json_null());
    json_object_set_new(object, "last_output", value_text(row->last_output));
    json_object_set_new(object, "runs", runs);
    return object;
}

static json_t *cells(const struct ablate_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->controls; i++) {
        json_t *object = row(&report->runs.rows[i]);
        json_object_set_new(object, "levels", levels(report, report->cells[i]));
        json_object_set_new(object, "in_design", json_boolean(i < report->factorial.cell_count));
        json_array_append_new(list, object);
    }
    return list;
}

static void set_estimate(json_t *object, const struct ablate_estimate *estimate)
{
    json_object_set_new(object, "ratio", value_number(estimate->ratio));
    json_object_set_new(object, "ci_low", value_number(estimate->range.low));
    json_object_set_new(object, "ci_high", value_number(estimate->range.high));
}

static json_t *effects(const struct ablate_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->factorial.term_count; i++) {
        const struct factorial_term *term = &report->factorial.terms[i];
        const struct ablate_effect *effect = &report->effects[i];
        json_t *object = json_object(), *names = json_array();
        for (size_t f = 0; f < report->factorial.factor_count; f++) {
            if (term->factors >> f & 1)
                json_array_append_new(names, json_string(report->factors[f].name));
        }
        json_object_set_new(object, "factors", names);
        json_object_set_new(object, "others", json_string(ablate_place_names[term->place]));
        set_estimate(object, &effect->of);
        json_object_set_new(object, "ns", value_number(effect->ns));
        json_object_set_new(object, "verdict", json_string(ablate_verdict_names[effect->verdict]));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *controls(const struct ablate_report *report)
{
    static const char *const ends[] = {"modern", "far"};
    json_t *list = json_array();
    for (size_t i = 0; i < ABLATE_ENDS; i++) {
        json_t *object = row(&report->runs.rows[report->controls + i]);
        json_object_set_new(object, "of", json_string(ends[i]));
        set_estimate(object, &report->control[i]);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *reference(const struct ablate_report *report)
{
    json_t *object = row(&report->runs.rows[report->reference]);
    json_t *modern = json_object(), *far = json_object();
    set_estimate(modern, &report->modern_by_reference);
    set_estimate(far, &report->far_by_reference);
    json_object_set_new(object, "modern_by", modern);
    json_object_set_new(object, "far_by", far);
    return object;
}

static void set_runs(json_t *root, const struct compare_report *runs)
{
    json_t *notes = json_array();
    for (size_t i = 0; i < runs->note_count; i++)
        json_array_append_new(notes, value_text(runs->notes[i]));
    json_object_set_new(root, "command", value_texts(runs->command));
    json_object_set_new(root, "metric", value_text(runs->metric));
    json_object_set_new(root, "better",
                        json_string(runs->metric && runs->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "rounds", value_count(runs->rounds));
    json_object_set_new(root, "rounds_done", value_count(runs->rounds_done));
    json_object_set_new(root, "interrupted", json_boolean(runs->interrupted));
    json_object_set_new(root, "seed", value_count(runs->seed));
    json_object_set_new(root, "core", runs->core < 0 ? json_null() : json_integer(runs->core));
    json_object_set_new(root, "elapsed_s", value_number(runs->elapsed_s));
    json_object_set_new(root, "others_cores", value_number(runs->others_cores));
    json_object_set_new(root, "stolen_cores", value_number(runs->stolen_cores));
    json_object_set_new(root, "notes", notes);
}

int ablate_print_json(const struct ablate_report *report, FILE *stream)
{
    json_t *root = json_object(), *gap = json_object();
    set_estimate(gap, &report->gap);
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("ablate"));
    json_object_set_new(root, "design", json_string(ablate_design_names[report->factorial.design]));
    json_object_set_new(root, "factors", factors(report));
    json_object_set_new(root, "rounds_kept", value_count(report->rounds_kept));
    json_object_set_new(root, "rounds_needed", value_count(report->rounds_needed));
    json_object_set_new(root, "level", value_number(report->level));
    json_object_set_new(root, "effects", effects(report));
    json_object_set_new(root, "gap", gap);
    json_object_set_new(root, "explained", value_number(report->explained));
    json_object_set_new(root, "threshold", value_number(report->threshold));
    json_object_set_new(root, "controls", controls(report));
    json_object_set_new(root, "glibc", reference(report));
    json_object_set_new(root, "ledger", ledger_json(&report->ledger));
    json_object_set_new(root, "cells", cells(report));
    set_runs(root, &report->runs);
    return value_write(root, stream);
}
