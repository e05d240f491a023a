/* SPDX-License-Identifier: MIT */
#include "heap_json.h"

#include "json_value.h"

static json_t *figures(const struct heap_figures *of)
{
    json_t *object = json_object();
    json_object_set_new(object, "samples", value_count(of->samples));
    json_object_set_new(object, "blocks", value_estimate(&of->blocks));
    json_object_set_new(object, "bytes", value_estimate(&of->bytes));
    return object;
}

static void add_figures(json_t *object, const struct heap_figures when[HEAP_WHENS])
{
    for (int i = 0; i < HEAP_WHENS; i++)
        json_object_set_new(object, heap_when_names[i], figures(&when[i]));
}

static json_t *frame(const struct heap_frame *of)
{
    json_t *object = json_object(), *lines = json_array();
    json_object_set_new(object, "module", value_text(of->module));
    json_object_set_new(object, "offset", value_count(of->offset));
    for (size_t i = 0; i < of->line_count; i++) {
        json_t *line = json_object();
        json_object_set_new(line, "function", value_text(of->lines[i].function));
        json_object_set_new(line, "file", value_text(of->lines[i].file));
        json_object_set_new(line, "line",
                            of->lines[i].line ? json_integer(of->lines[i].line) : json_null());
        json_array_append_new(lines, line);
    }
    json_object_set_new(object, "lines", lines);
    return object;
}

static json_t *path(const struct heap_path *of)
{
    json_t *object = json_object(), *frames = json_array();
    json_object_set_new(object, "called", of->called[0] ? value_text(of->called) : json_null());
    for (size_t i = 0; i < of->frame_count; i++)
        json_array_append_new(frames, value_count(of->frames[i]));
    json_object_set_new(object, "frames", frames);
    json_object_set_new(object, "longer", json_boolean(of->is_longer));
    add_figures(object, of->when);
    return object;
}

static json_t *moment(const struct heap_moment *of)
{
    json_t *object = json_object();
    json_object_set_new(object, "at_s", value_number(of->at_s));
    json_object_set_new(object, "blocks", value_number(of->blocks));
    json_object_set_new(object, "bytes", value_number(of->bytes));
    json_object_set_new(object, "allocated", value_number(of->allocated));
    return object;
}

static json_t *order(const struct heap_report *report, int when)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->by_count[when]; i++)
        json_array_append_new(list, value_count(report->by[when][i]));
    return list;
}

json_t *heap_json(const struct heap_report *report)
{
    if (!report)
        return json_null();
    json_t *root = json_object(), *frames = json_array(), *paths = json_array();
    json_t *moments = json_array(), *notes = json_array(), *by = json_object();
    json_object_set_new(root, "interval_bytes", value_count(report->interval));
    json_object_set_new(root, "last_interval_bytes", value_count(report->last_interval));
    json_object_set_new(root, "programs", value_count(report->programs));
    json_object_set_new(root, "lost", value_count(report->lost));
    json_object_set_new(root, "peak_at_s", value_number(report->peak_at_s));
    add_figures(root, report->when);
    for (size_t i = 0; i < report->frame_count; i++)
        json_array_append_new(frames, frame(&report->frames[i]));
    for (size_t i = 0; i < report->path_count; i++)
        json_array_append_new(paths, path(&report->paths[i]));
    for (size_t i = 0; i < report->moment_count; i++)
        json_array_append_new(moments, moment(&report->moments[i]));
    for (int when = 0; when < HEAP_WHENS; when++)
        json_object_set_new(by, heap_when_names[when], order(report, when));
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "frames", frames);
    json_object_set_new(root, "paths", paths);
    json_object_set_new(root, "by", by);
    json_object_set_new(root, "moments", moments);
    json_object_set_new(root, "notes", notes);
    return root;
}
