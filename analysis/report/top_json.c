/* SPDX-License-Identifier: MIT */
#include "top_json.h"

#include "json_value.h"

static json_t *sources(const struct top_moment *moment)
{
    json_t *list = json_array();
    for (size_t i = 0; i < moment->source_count; i++) {
        const struct top_source *source = &moment->sources[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(source->name));
        json_object_set_new(object, "group", json_string(report_group_names[source->group]));
        json_object_set_new(object, "share", value_number(source->share));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *classes(const struct top_moment *moment)
{
    json_t *list = json_array();
    for (size_t i = 0; i < moment->class_count; i++) {
        const struct top_class *class = &moment->classes[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(class->name));
        json_object_set_new(object, "bytes",
                            class->bytes ? value_count(class->bytes) : json_null());
        json_object_set_new(object, "mallocs_per_s", value_number(class->mallocs));
        json_object_set_new(object, "frees_per_s", value_number(class->frees));
        json_object_set_new(object, "blocks", value_count(class->blocks));
        json_object_set_new(object, "live", value_number(class->live));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *events(const struct top_moment *moment)
{
    json_t *list = json_array();
    for (size_t i = 0; i < moment->event_count; i++) {
        const struct top_event *event = &moment->events[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(event->name));
        json_object_set_new(object, "unit", *event->unit ? value_text(event->unit) : json_null());
        json_object_set_new(object, "per_s", value_number(event->per_s));
        json_object_set_new(object, "mean", value_number(event->mean));
        json_object_set_new(object, "p99", value_number(event->p99));
        json_object_set_new(object, "past", json_boolean(event->past));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *threads(const struct top_moment *moment)
{
    json_t *list = json_array();
    for (size_t i = 0; i < moment->thread_count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "tid", json_integer(moment->thread[i].tid));
        json_object_set_new(object, "name", value_text(moment->thread[i].name));
        json_object_set_new(object, "cores", value_number(moment->thread[i].cores));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *memory(const struct top_moment *moment)
{
    json_t *object = json_object();
    json_object_set_new(object, "live", value_count(moment->live));
    json_object_set_new(object, "retained", value_count(moment->retained));
    json_object_set_new(object, "mapped", value_count(moment->mapped));
    json_object_set_new(object, "metadata", value_count(moment->metadata));
    return object;
}

static json_t *operations(const struct top_moment *moment)
{
    json_t *object = json_object();
    json_object_set_new(object, "per_s", value_number(moment->operations));
    json_object_set_new(object, "count", value_count(moment->operations_now));
    json_object_set_new(object, "all", value_count(moment->operations_all));
    return object;
}

static json_t *sampling(const struct top_target *target, const struct top_moment *moment)
{
    if (!target->event)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "event", value_text(target->event));
    json_object_set_new(object, "hz", json_integer(target->frequency));
    json_object_set_new(object, "kernel", json_boolean(target->kernel_sampled));
    json_object_set_new(object, "samples", value_count(moment->samples));
    json_object_set_new(object, "window_s", value_number(moment->window_s));
    json_object_set_new(object, "malloc_share", value_number(moment->malloc_share));
    return object;
}

static json_t *notes(const struct top_target *target)
{
    json_t *list = json_array();
    for (size_t i = 0; i < target->note_count; i++)
        json_array_append_new(list, value_text(target->notes[i].text));
    return list;
}

int top_print_json(const struct top_target *target, const struct top_moment *moment, FILE *stream)
{
    json_t *root = json_object();
    json_object_set_new(root, "schema", json_string("hakmem-trace/1"));
    json_object_set_new(root, "kind", json_string("top"));
    json_object_set_new(root, "pid", json_integer(target->pid));
    json_object_set_new(root, "program", value_text(target->program));
    json_object_set_new(root, "allocator", value_text(target->allocator));
    json_object_set_new(root, "interval", json_integer(moment->number));
    json_object_set_new(root, "at_s", value_number(moment->at_s));
    json_object_set_new(root, "seconds", value_number(moment->seconds));
    json_object_set_new(root, "cores", value_number(moment->cores));
    json_object_set_new(root, "resident", value_count(moment->resident));
    json_object_set_new(root, "minor_faults_per_s", value_number(moment->minor_faults));
    json_object_set_new(root, "major_faults_per_s", value_number(moment->major_faults));
    json_object_set_new(root, "operations", moment->counted ? operations(moment) : json_null());
    json_object_set_new(root, "memory", moment->counted ? memory(moment) : json_null());
    json_object_set_new(root, "size_classes", classes(moment));
    json_object_set_new(root, "sampling", sampling(target, moment));
    json_object_set_new(root, "sources", sources(moment));
    json_object_set_new(root, "slow_path", events(moment));
    json_object_set_new(root, "thread_count", json_integer(moment->threads));
    json_object_set_new(root, "threads", threads(moment));
    json_object_set_new(root, "cost", value_number(moment->cost));
    json_object_set_new(root, "own_cores", value_number(moment->own));
    json_object_set_new(root, "notes", notes(target));
    return value_write_line(root, stream);
}

int top_list_print_json(const struct top_list *list, FILE *stream)
{
    json_t *root = json_object(), *processes = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct top_process *process = &list->processes[i];
        json_t *object = json_object();
        json_object_set_new(object, "pid", json_integer(process->pid));
        json_object_set_new(object, "program", value_text(process->program));
        json_object_set_new(object, "allocator", value_text(process->allocator));
        json_object_set_new(object, "cores", value_number(process->cores));
        json_object_set_new(object, "resident", value_count(process->resident));
        json_array_append_new(processes, object);
    }
    json_object_set_new(root, "schema", json_string("hakmem-trace/1"));
    json_object_set_new(root, "kind", json_string("top processes"));
    json_object_set_new(root, "processes", processes);
    json_object_set_new(root, "hidden", value_count(list->hidden));
    return value_write_line(root, stream);
}
