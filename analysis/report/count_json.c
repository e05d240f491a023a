/* SPDX-License-Identifier: MIT */
#include "count_json.h"

#include "count_cells_json.h"
#include "json_value.h"
#include "stepped_head_json.h"

static json_t *kinds(const struct count_report *report)
{
    json_t *list = json_array();
    for (int kind = 0; kind < COUNT_KINDS; kind++) {
        json_t *object = count_effects_json(&report->kinds[kind], report->disassembled);
        json_object_set_new(object, "name", json_string(count_kind_names[kind]));
        json_object_set_new(object, "calls", value_count(report->kind_calls[kind]));
        count_spread_json(object, &report->spreads[kind], report->kind_calls[kind] > 0);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *sources(const struct count_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->source_count; i++) {
        const struct count_source *source = &report->sources[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(source->name));
        json_object_set_new(object, "group", json_string(count_group_names[source->group]));
        json_object_set_new(object, "step", value_text(source->step));
        for (int kind = 0; kind < COUNT_KINDS; kind++)
            json_object_set_new(object, count_kind_names[kind],
                                count_effects_json(&source->kinds[kind], report->disassembled));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *paths(const struct count_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->path_count; i++) {
        const struct count_path *path = &report->paths[i];
        json_t *object = count_effects_json(&path->effects, report->disassembled);
        json_object_set_new(object, "kind", json_string(count_kind_names[path->kind]));
        json_object_set_new(object, "name", value_text(path->name));
        json_object_set_new(object, "calls", value_count(path->calls));
        count_spread_json(object, &path->spread, true);
        json_object_set_new(object, "bytes_min", value_count(path->bytes_least));
        json_object_set_new(object, "bytes_max", value_count(path->bytes_most));
        count_chains_json(object, &path->chains, report->disassembled);
        json_array_append_new(list, object);
    }
    return list;
}

int count_print_json(const struct count_report *report, FILE *stream)
{
    json_t *root = stepped_head_json(&report->head, "count"), *notes = json_array();
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "kinds", kinds(report));
    json_object_set_new(root, "sources", sources(report));
    json_object_set_new(root, "paths", paths(report));
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
