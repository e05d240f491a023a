/* SPDX-License-Identifier: MIT */
#include "slow_path_json.h"

#include "json_value.h"

static json_t *latency(const struct report_latency *events)
{
    bool is_measured = *events->unit;
    json_t *row = json_object();
    json_t *buckets = json_array();
    size_t end = REPORT_BUCKETS;
    while (end > 0 && !events->buckets[end - 1])
        end--;
    for (size_t b = 0; b < end; b++)
        json_array_append_new(buckets, value_count(events->buckets[b]));
    json_object_set_new(row, "name", value_text(events->name));
    if (events->of)
        json_object_set_new(row, "of", value_text(events->of));
    json_object_set_new(row, "unit", is_measured ? value_text(events->unit) : json_null());
    json_object_set_new(row, "events", value_count(events->count));
    json_object_set_new(row, "total", is_measured ? value_count(events->total) : json_null());
    json_object_set_new(row, "max", is_measured ? value_count(events->max) : json_null());
    json_object_set_new(row, "median", value_number(events->median));
    json_object_set_new(row, "p99", value_number(events->p99));
    json_object_set_new(row, "buckets", buckets);
    json_object_set_new(row, "bytes", events->bytes ? value_count(events->bytes) : json_null());
    json_object_set_new(row, "cut_short", json_boolean(events->cut_short));
    json_object_set_new(row, "hits", value_count(events->hits));
    json_object_set_new(row, "cost_ns", value_number(events->cost_ns));
    json_object_set_new(row, "cost", value_number(events->cost));
    return row;
}

static json_t *latencies(const struct report_latency *rows, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, latency(&rows[i]));
    return list;
}

static json_t *classes(const struct report_slow_path *slow_path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < slow_path->by_class_count; i++) {
        const struct report_class_latency *class = &slow_path->by_class[i];
        json_t *row = json_object();
        json_object_set_new(row, "kind", value_text(class->kind));
        json_object_set_new(row, "class", value_count(class->class));
        json_object_set_new(row, "bytes", class->bytes ? value_count(class->bytes) : json_null());
        json_object_set_new(row, "events", value_count(class->count));
        json_object_set_new(row, "total", value_count(class->total));
        json_object_set_new(row, "max", value_count(class->max));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *sizes(const struct report_slow_path *slow_path)
{
    if (!slow_path->every_call)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < slow_path->size_count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "bytes", value_count(slow_path->sizes[i].bytes));
        json_object_set_new(row, "count", value_count(slow_path->sizes[i].count));
        json_array_append_new(list, row);
    }
    return list;
}

json_t *slow_path_json(const struct report_slow_path *slow_path)
{
    if (!slow_path->watched)
        return json_null();
    json_t *object = json_object(), *lost_by = json_object(), *how = json_object();
    for (size_t i = 0; i < slow_path->loss_count; i++)
        json_object_set_new(lost_by, slow_path->lost_by[i].name,
                            value_count(slow_path->lost_by[i].count));
    for (size_t i = 0; i < slow_path->how_count; i++)
        json_object_set_new(how, slow_path->how[i].name, value_text(slow_path->how[i].how));
    json_object_set_new(object, "seconds_watched", value_number(slow_path->seconds));
    json_object_set_new(object, "lost", value_count(slow_path->lost));
    json_object_set_new(object, "lost_by", lost_by);
    json_object_set_new(object, "how", how);
    json_object_set_new(object, "events", latencies(slow_path->kinds, slow_path->kind_count));
    json_object_set_new(object, "by_class", classes(slow_path));
    json_object_set_new(object, "system_calls", latencies(slow_path->calls, slow_path->call_count));
    json_object_set_new(object, "sizes", sizes(slow_path));
    return object;
}
