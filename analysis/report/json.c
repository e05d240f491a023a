/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "heap_json.h"
#include "json_value.h"
#include "slow_path_json.h"

/* A whole number that is kept as a double because it may be unknown; forged counters may make it
 * greater than any integer. */
static json_t *whole(double value)
{
    return isfinite(value) && value < 9e18 ? json_integer((json_int_t)value) : value_number(value);
}

static json_t *sources(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", value_text(source->name));
        json_object_set_new(row, "other", source->other ? value_text(source->other) : json_null());
        json_object_set_new(row, "group", value_text(report_group_names[source->group]));
        json_object_set_new(row, "samples", value_count(source->samples));
        json_object_set_new(row, "share", value_number(source->share));
        json_object_set_new(row, "ci_low", value_number(source->ci_low));
        json_object_set_new(row, "ci_high", value_number(source->ci_high));
        json_object_set_new(row, "ns_per_op", value_number(source->ns_per_op));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *steps(const struct report *report)
{
    json_t *list = json_array();
    for (int part = 0; part < STEP_PARTS && !isnan(report->steps[part].share); part++) {
        json_t *row = json_object();
        json_object_set_new(row, "name", json_string(step_part_names[part]));
        json_object_set_new(row, "samples", value_count(report->steps[part].samples));
        json_object_set_new(row, "share", value_number(report->steps[part].share));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *counters(const struct report *report, bool per_op)
{
    if (!report->counted)
        return json_null();
    json_t *object = json_object();
    for (size_t i = 0; i < report->counter_count; i++) {
        const struct report_counter *counter = &report->counters[i];
        json_object_set_new(object, counter->name,
                            per_op ? value_number(counter->per_op) : value_count(counter->value));
    }
    return object;
}

static json_t *classes(const struct report *report)
{
    bool seen = report->resident.seen;
    json_t *list = json_array();
    for (size_t i = 0; i < report->class_count; i++) {
        const struct report_class *class = &report->classes[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", value_text(class->name));
        json_object_set_new(row, "bytes", class->bytes ? value_count(class->bytes) : json_null());
        json_object_set_new(row, "mallocs", value_count(class->mallocs));
        json_object_set_new(row, "frees", value_count(class->frees));
        json_object_set_new(row, "share", value_number(class->share));
        bool in_slabs = seen && class->bytes;
        json_object_set_new(row, "resident", in_slabs ? value_count(class->resident) : json_null());
        json_object_set_new(row, "live", in_slabs ? value_count(class->live) : json_null());
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *memory(const struct report *report)
{
    if (!report->counted)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "mapped", value_count(report->memory.mapped));
    json_object_set_new(object, "live", value_count(report->memory.live));
    json_object_set_new(object, "retained", value_count(report->memory.retained));
    json_object_set_new(object, "metadata", value_count(report->memory.metadata));
    return object;
}

static json_t *resident(const struct report *report)
{
    const struct report_resident *from = &report->resident;
    if (!from->seen)
        return json_null();
    json_t *object = json_object(), *kinds = json_array();
    for (size_t k = 0; k < from->kind_count; k++) {
        json_t *row = json_object();
        json_object_set_new(row, "name", value_text(from->kinds[k].name));
        json_object_set_new(row, "resident", value_count(from->kinds[k].resident));
        json_object_set_new(row, "live", whole(from->kinds[k].live));
        json_array_append_new(kinds, row);
    }
    json_object_set_new(object, "pid", json_integer(from->pid));
    json_object_set_new(object, "at_s", value_number(from->at_s));
    json_object_set_new(object, "looks", value_count(from->looks));
    json_object_set_new(object, "total", value_count(from->total));
    json_object_set_new(object, "kinds", kinds);
    return object;
}

static json_t *moments(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->moment_count; i++) {
        const struct report_moment *moment = &report->moments[i];
        json_t *row = json_object();
        json_object_set_new(row, "at_s", value_number(moment->at_s));
        json_object_set_new(row, "resident", whole(moment->resident));
        json_object_set_new(row, "live", whole(moment->live));
        json_object_set_new(row, "retained", whole(moment->retained));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *levels(const struct report *report)
{
    if (!report->counted)
        return json_null();
    json_t *object = json_object();
    for (size_t i = 0; i < report->level_count; i++)
        json_object_set_new(object, report->levels[i].factor, value_text(report->levels[i].level));
    return object;
}

static json_t *overhead(const struct report *report)
{
    const struct report_overhead *cost = &report->overhead;
    if (!report->overhead_measured)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "total", value_number(cost->total));
    json_object_set_new(object, "sampling", value_number(cost->sampling));
    json_object_set_new(object, "slow_path", value_number(cost->slow_path));
    json_object_set_new(object, "tool", value_number(cost->tool));
    json_object_set_new(object, "looks", value_number(cost->looks));
    json_object_set_new(object, "budget", value_number(cost->budget));
    json_object_set_new(object, "sample_ns", value_number(cost->sample_ns));
    json_object_set_new(object, "fault_ns", value_number(cost->fault_ns));
    json_object_set_new(object, "follow_ns", value_number(cost->follow_ns));
    json_object_set_new(object, "switch_ns", value_number(cost->switch_ns));
    json_object_set_new(object, "context_switches", value_count(cost->switches));
    return object;
}

static json_t *malloc_share(const struct report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "share", value_number(report->malloc_share));
    json_object_set_new(object, "ci_low", value_number(report->malloc_low));
    json_object_set_new(object, "ci_high", value_number(report->malloc_high));
    json_object_set_new(object, "ns_per_op", value_number(report->malloc_ns_per_op));
    return object;
}

static json_t *sampling(const struct report *report)
{
    if (!report->event)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "frequency", value_count(report->frequency));
    json_object_set_new(object, "processors", json_boolean(report->processors_sampled));
    json_object_set_new(object, "aggregated", json_boolean(report->aggregated));
    json_object_set_new(object, "kernel", json_boolean(report->kernel_sampled));
    json_object_set_new(object, "kernel_for_malloc", json_boolean(report->kernel_separated));
    json_object_set_new(object, "samples", value_count(report->samples));
    json_object_set_new(object, "fault_samples", value_count(report->fault_samples));
    json_object_set_new(object, "lost", value_count(report->lost));
    json_object_set_new(object, "throttled", value_count(report->throttled));
    return object;
}

static json_t *notes(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(list, value_text(report->notes[i]));
    return list;
}

static void set_attached(json_t *root, const struct report *report)
{
    const struct report_attached *from = &report->attached;
    json_t *object = json_object();
    json_object_set_new(object, "pid", json_integer(from->pid));
    json_object_set_new(object, "has_ended", json_boolean(from->has_ended));
    json_object_set_new(object, "attach_ms", value_number(from->attach_ms));
    json_object_set_new(object, "detach_ms", value_number(from->detach_ms));
    json_object_set_new(root, "attached", object);
}

static void set_run(json_t *root, const struct report *report)
{
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string(report->attached.pid ? "attach" : "run"));
    if (report->attached.pid)
        set_attached(root, report);
    json_object_set_new(root, "command", value_texts(report->command));
    json_object_set_new(root, "exit_code",
                        report->attached.pid ? json_null() : json_integer(report->exit_code));
    json_object_set_new(root, "signal",
                        report->signal ? json_integer(report->signal) : json_null());
    json_object_set_new(root, "allocator", value_text(report->allocator));
    json_object_set_new(root, "library", value_text(report->library));
    json_object_set_new(root, "brought", value_text(report->brought));
    json_object_set_new(root, "event", value_text(report->event));
    json_object_set_new(root, "wall_s", value_number(report->wall_s));
    json_object_set_new(root, "cpu_s", value_number(report->cpu_s));
    json_object_set_new(root, "user_s", value_number(report->user_s));
    json_object_set_new(root, "system_s", value_number(report->system_s));
    json_object_set_new(root, "max_rss_kb", value_count(report->max_rss_kb));
    json_object_set_new(root, "operations", whole(report->operations));
    json_object_set_new(root, "operations_per_cpu_s", value_number(report->operations_per_cpu_s));
    json_object_set_new(root, "bytes", whole(report->bytes));
    json_object_set_new(root, "programs",
                        report->counted ? value_count(report->processes) : json_null());
}

static json_t *build(const struct report *report)
{
    json_t *root = json_object();
    set_run(root, report);
    json_object_set_new(root, "malloc", malloc_share(report));
    json_object_set_new(root, "sampling", sampling(report));
    json_object_set_new(root, "sources", sources(report));
    json_object_set_new(root, "steps", steps(report));
    json_object_set_new(root, "counters", counters(report, false));
    json_object_set_new(root, "counters_per_op", counters(report, true));
    json_object_set_new(root, "memory", memory(report));
    json_object_set_new(root, "resident", resident(report));
    json_object_set_new(root, "memory_in_time", moments(report));
    json_object_set_new(root, "levels", levels(report));
    json_object_set_new(root, "size_classes", classes(report));
    json_object_set_new(root, "slow_path", slow_path_json(&report->slow_path));
    json_object_set_new(root, "heap", heap_json(report->heap));
    json_object_set_new(root, "overhead", overhead(report));
    json_object_set_new(root, "notes", notes(report));
    return root;
}

int report_print_json(const struct report *report, FILE *stream)
{
    return value_write(build(report), stream);
}
