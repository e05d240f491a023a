/* SPDX-License-Identifier: MIT */
#include "compare_sweep_json.h"

#include "compare_json.h"
#include "json.h"
#include "json_value.h"

static json_t *point(const struct sweep_report *sweep, size_t i)
{
    json_t *object = json_object(), *costs = json_array();
    const struct sweep_point *point = &sweep->points[i];
    for (size_t row = 0; row < sweep->blank->row_count; row++)
        json_array_append_new(costs, value_number(sweep_cost(sweep, i, row)));
    json_object_set_new(object, "value", value_count(point->value));
    json_object_set_new(object, "costs", costs);
    json_object_set_new(object, "comparison",
                        point->report ? compare_json(point->report) : json_null());
    return object;
}

int sweep_print_json(const struct sweep_report *sweep, FILE *stream)
{
    const struct compare_report *blank = sweep->blank;
    json_t *root = json_object(), *points = json_array(), *notes = json_array();
    for (size_t i = 0; i < sweep->point_count; i++)
        json_array_append_new(points, point(sweep, i));
    for (size_t i = 0; i < blank->note_count; i++)
        json_array_append_new(notes, value_text(blank->notes[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("compare sweep"));
    json_object_set_new(root, "command", value_texts(sweep->command));
    json_object_set_new(root, "name", value_text(sweep->name));
    json_object_set_new(root, "cost", json_string(sweep_cost_unit(sweep)));
    json_object_set_new(root, "rounds", value_count(blank->rounds));
    json_object_set_new(root, "interrupted", json_boolean(sweep->interrupted));
    json_object_set_new(root, "seed", value_count(blank->seed));
    json_object_set_new(root, "core", blank->core < 0 ? json_null() : json_integer(blank->core));
    json_object_set_new(root, "elapsed_s", value_number(sweep->elapsed_s));
    json_object_set_new(root, "points", points);
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
