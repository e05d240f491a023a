/* SPDX-License-Identifier: MIT */
#include "callers_json.h"

#include <jansson.h>

#include "json.h"
#include "json_value.h"

static json_t *frames(const struct callers_path *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < path->frame_count; i++) {
        json_t *frame = json_object();
        json_object_set_new(frame, "function", value_text(path->frames[i].function));
        json_object_set_new(frame, "recursive", json_boolean(path->frames[i].is_recursive));
        json_array_append_new(list, frame);
    }
    return list;
}

static void add_sizes(json_t *object, const struct callers_path *path)
{
    json_t *sizes = json_object();
    json_object_set_new(sizes, "p10", value_count(path->size_low));
    json_object_set_new(sizes, "median", value_count(path->size));
    json_object_set_new(sizes, "p90", value_count(path->size_high));
    json_object_set_new(sizes, "of_median", value_estimate(&path->one_size));
    json_object_set_new(sizes, "usable", path->usable ? value_count(path->usable) : json_null());
    json_object_set_new(sizes, "above_class", value_estimate(&path->above));
    json_object_set_new(sizes, "class_below", path->below ? value_count(path->below) : json_null());
    json_object_set_new(sizes, "wasted_bytes", value_number(path->wasted));
    json_object_set_new(object, "sizes", sizes);
}

static void add_ends(json_t *object, const struct callers_path *path)
{
    json_t *ends = json_object(), *growth = json_object();
    json_object_set_new(ends, "freed", value_number(path->freed));
    json_object_set_new(ends, "reallocated", value_number(path->reallocated));
    json_object_set_new(ends, "live", value_number(path->live));
    json_object_set_new(ends, "lifetime_ns", value_number(path->lifetime_ns));
    json_object_set_new(ends, "lifetime_calls", value_number(path->lifetime_calls));
    json_object_set_new(ends, "remote", value_estimate(&path->remote));
    json_object_set_new(ends, "brief", value_estimate(&path->brief));
    json_object_set_new(object, "ends", ends);
    json_object_set_new(growth, "calls", value_number(path->realloc_calls));
    json_object_set_new(growth, "of_a_block", value_estimate(&path->grown));
    json_object_set_new(growth, "factor", value_number(path->growth));
    json_object_set_new(growth, "final_size", value_count(path->final_size));
    json_object_set_new(object, "growth", growth);
}

static json_t *path_json(const struct callers_path *path)
{
    json_t *object = json_object();
    json_object_set_new(object, "called", path->called[0] ? value_text(path->called) : json_null());
    json_object_set_new(object, "module", value_text(path->module));
    json_object_set_new(object, "offset", path->module ? value_count(path->offset) : json_null());
    json_object_set_new(object, "file", value_text(path->source));
    json_object_set_new(object, "line", path->line ? json_integer(path->line) : json_null());
    json_object_set_new(object, "frames", frames(path));
    json_object_set_new(object, "longer", json_boolean(path->is_longer));
    json_object_set_new(object, "time_samples", value_count(path->time_samples));
    json_object_set_new(object, "time_share", value_estimate(&path->time_share));
    json_object_set_new(object, "samples", value_count(path->samples));
    if (!path->samples)
        return object;
    json_object_set_new(object, "effective_samples", value_number(path->effective));
    json_object_set_new(object, "calls", value_estimate(&path->calls));
    json_object_set_new(object, "bytes", value_estimate(&path->bytes));
    json_object_set_new(object, "call_share", value_estimate(&path->call_share));
    json_object_set_new(object, "byte_share", value_estimate(&path->byte_share));
    add_sizes(object, path);
    add_ends(object, path);
    return object;
}

static json_t *order(const size_t *indexes, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, value_count(indexes[i]));
    return list;
}

static json_t *advice(const struct callers_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->advice_count; i++) {
        const struct callers_advice *of = &report->advice[i];
        json_t *object = json_object();
        json_object_set_new(object, "kind", json_string(callers_advice_names[of->kind]));
        json_object_set_new(object, "path", value_count(of->path));
        json_object_set_new(object, "samples", value_count(of->samples));
        json_object_set_new(object, "measure", value_estimate(&of->measure));
        json_array_append_new(list, object);
    }
    return list;
}

static void add_head(json_t *root, const struct callers_report *report)
{
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("callers"));
    json_object_set_new(root, "command", value_texts(report->command));
    json_object_set_new(root, "exit_code", json_integer(report->exit_code));
    json_object_set_new(root, "signal",
                        report->signal ? json_integer(report->signal) : json_null());
    json_object_set_new(root, "allocator", value_text(report->allocator));
    json_object_set_new(root, "library", value_text(report->library));
    json_object_set_new(root, "cpu_s", value_number(report->cpu_seconds));
}

static json_t *time_json(const struct callers_report *report)
{
    if (!report->event)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "event", value_text(report->event));
    json_object_set_new(object, "frequency", json_integer(report->frequency));
    json_object_set_new(object, "samples", value_count(report->time_samples));
    json_object_set_new(object, "malloc_samples", value_count(report->malloc_samples));
    json_object_set_new(object, "malloc_share", value_estimate(&report->malloc_share));
    json_object_set_new(object, "lost", value_count(report->lost));
    return object;
}

static json_t *calls_json(const struct callers_report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean_bytes", value_count(report->mean));
    json_object_set_new(object, "samples", value_count(report->samples));
    json_object_set_new(object, "programs", value_count(report->programs));
    json_object_set_new(object, "calls", value_estimate(&report->calls));
    json_object_set_new(object, "bytes", value_estimate(&report->bytes));
    return object;
}

int callers_print_json(const struct callers_report *report, FILE *stream)
{
    json_t *root = json_object(), *paths = json_array(), *notes = json_array();
    add_head(root, report);
    json_object_set_new(root, "time", time_json(report));
    json_object_set_new(root, "sampling", calls_json(report));
    for (size_t i = 0; i < report->path_count; i++)
        json_array_append_new(paths, path_json(&report->paths[i]));
    json_object_set_new(root, "paths", paths);
    json_object_set_new(root, "by_time", order(report->by_time, report->by_time_count));
    json_object_set_new(root, "by_bytes", order(report->by_bytes, report->by_bytes_count));
    json_object_set_new(root, "advice", advice(report));
    json_object_set_new(root, "no_advice",
                        report->no_advice[0] ? value_text(report->no_advice) : json_null());
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
