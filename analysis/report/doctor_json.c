/* SPDX-License-Identifier: MIT */
#include "doctor_json.h"

#include "json.h"
#include "json_value.h"

static json_t *text_or_null(const char *text)
{
    return text[0] ? value_text(text) : json_null();
}

static json_t *check(const struct doctor_line *line)
{
    json_t *object = json_object(), *figures = json_object();
    for (size_t i = 0; i < line->figure_count; i++)
        json_object_set_new(figures, line->figures[i].name, value_number(line->figures[i].value));
    json_object_set_new(object, "group", value_text(line->group));
    json_object_set_new(object, "name", value_text(line->name));
    json_object_set_new(object, "state", json_string(doctor_state_names[line->state]));
    json_object_set_new(object, "found", value_text(line->found));
    json_object_set_new(object, "remedy", text_or_null(line->remedy));
    json_object_set_new(object, "figures", figures);
    return object;
}

static json_t *tier(const struct doctor_tier *tier)
{
    char text[160];
    json_t *object = json_object();
    doctor_tier_text(tier, text, sizeof text);
    json_object_set_new(object, "text", json_string(text));
    json_object_set_new(object, "event", value_text(tier->event));
    json_object_set_new(object, "frequency",
                        tier->event ? value_count(tier->frequency) : json_null());
    json_object_set_new(object, "processors", json_boolean(tier->processors));
    json_object_set_new(object, "kernel", json_boolean(tier->kernel));
    json_object_set_new(object, "slow_path", json_boolean(tier->slow_path));
    json_object_set_new(object, "no_samples", text_or_null(tier->no_samples));
    json_object_set_new(object, "no_slow_path", text_or_null(tier->no_slow_path));
    return object;
}

int doctor_print_json(const struct doctor_report *report, FILE *stream)
{
    json_t *root = json_object(), *checks = json_array();
    for (size_t i = 0; i < report->line_count; i++)
        json_array_append_new(checks, check(&report->lines[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("doctor"));
    json_object_set_new(root, "quick", json_boolean(report->quick));
    json_object_set_new(root, "checks", checks);
    json_object_set_new(root, "tier", tier(&report->tier));
    return value_write(root, stream);
}
