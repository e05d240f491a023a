/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* A whole number that is kept as a double because it may be unknown; forged counters may make it
 * greater than any integer. */
static json_t *whole(double value)
{
    return isfinite(value) && value < 9e18 ? json_integer((json_int_t)value) : number(value);
}

static json_t *count(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value);
}

/* JSON is UTF-8; bytes that are not are written as \xNN. */
static json_t *text(const char *value)
{
    if (!value)
        return json_null();
    json_t *string = json_string(value);
    if (string)
        return string;
    char escaped[4096];
    size_t used = 0;
    for (; *value && used + 5 < sizeof escaped; value++) {
        if ((unsigned char)*value < 0x80)
            escaped[used++] = *value;
        else
            used += (size_t)snprintf(escaped + used, 5, "\\x%02x", (unsigned char)*value);
    }
    return json_stringn(escaped, used);
}

static json_t *command(const struct report *report)
{
    json_t *list = json_array();
    for (char *const *argument = report->command; *argument; argument++)
        json_array_append_new(list, text(*argument));
    return list;
}

static json_t *sources(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->source_count; i++) {
        const struct report_source *source = &report->sources[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", text(source->name));
        json_object_set_new(row, "group", text(report_group_names[source->group]));
        json_object_set_new(row, "samples", count(source->samples));
        json_object_set_new(row, "share", number(source->share));
        json_object_set_new(row, "ci_low", number(source->ci_low));
        json_object_set_new(row, "ci_high", number(source->ci_high));
        json_object_set_new(row, "ns_per_op", number(source->ns_per_op));
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
                            per_op ? number(counter->per_op) : count(counter->value));
    }
    return object;
}

static json_t *classes(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->class_count; i++) {
        const struct report_class *class = &report->classes[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", text(class->name));
        json_object_set_new(row, "bytes", class->bytes ? count(class->bytes) : json_null());
        json_object_set_new(row, "mallocs", count(class->mallocs));
        json_object_set_new(row, "frees", count(class->frees));
        json_object_set_new(row, "share", number(class->share));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *memory(const struct report *report)
{
    if (!report->counted)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "mapped", count(report->memory.mapped));
    json_object_set_new(object, "live", count(report->memory.live));
    json_object_set_new(object, "retained", count(report->memory.retained));
    json_object_set_new(object, "metadata", count(report->memory.metadata));
    return object;
}

static json_t *levels(const struct report *report)
{
    if (!report->counted)
        return json_null();
    json_t *object = json_object();
    for (size_t i = 0; i < report->level_count; i++)
        json_object_set_new(object, report->levels[i].factor, text(report->levels[i].level));
    return object;
}

static json_t *latency(const struct report_latency *events)
{
    json_t *row = json_object();
    json_t *buckets = json_array();
    size_t end = REPORT_BUCKETS;
    while (end > 0 && !events->buckets[end - 1])
        end--;
    for (size_t b = 0; b < end; b++)
        json_array_append_new(buckets, count(events->buckets[b]));
    json_object_set_new(row, "name", text(events->name));
    json_object_set_new(row, "unit", *events->unit ? text(events->unit) : json_null());
    json_object_set_new(row, "events", count(events->count));
    json_object_set_new(row, "total", *events->unit ? count(events->total) : json_null());
    json_object_set_new(row, "median", number(events->median));
    json_object_set_new(row, "p99", number(events->p99));
    json_object_set_new(row, "buckets", buckets);
    json_object_set_new(row, "cut_short", json_boolean(events->cut_short));
    return row;
}

static json_t *slow_path(const struct report *report)
{
    if (!report->slow_path_watched)
        return json_null();
    json_t *object = json_object(), *events = json_array();
    for (size_t i = 0; i < report->latency_count; i++)
        json_array_append_new(events, latency(&report->latencies[i]));
    json_object_set_new(object, "seconds_watched", number(report->slow_path_seconds));
    json_object_set_new(object, "lost", count(report->slow_path_lost));
    json_object_set_new(object, "events", events);
    return object;
}

static json_t *overhead(const struct report *report)
{
    const struct report_overhead *cost = &report->overhead;
    if (!report->overhead_measured)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "total", number(cost->total));
    json_object_set_new(object, "sampling", number(cost->sampling));
    json_object_set_new(object, "slow_path", number(cost->slow_path));
    json_object_set_new(object, "tool", number(cost->tool));
    json_object_set_new(object, "sample_ns", number(cost->sample_ns));
    json_object_set_new(object, "fault_ns", number(cost->fault_ns));
    json_object_set_new(object, "switch_ns", number(cost->switch_ns));
    json_object_set_new(object, "context_switches", count(cost->switches));
    return object;
}

static json_t *malloc_share(const struct report *report)
{
    json_t *object = json_object();
    json_object_set_new(object, "share", number(report->malloc_share));
    json_object_set_new(object, "ci_low", number(report->malloc_low));
    json_object_set_new(object, "ci_high", number(report->malloc_high));
    json_object_set_new(object, "ns_per_op", number(report->malloc_ns_per_op));
    return object;
}

static json_t *sampling(const struct report *report)
{
    if (!report->event)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "frequency", count(report->frequency));
    json_object_set_new(object, "kernel", json_boolean(report->kernel_sampled));
    json_object_set_new(object, "kernel_for_malloc", json_boolean(report->kernel_separated));
    json_object_set_new(object, "samples", count(report->samples));
    json_object_set_new(object, "fault_samples", count(report->fault_samples));
    json_object_set_new(object, "lost", count(report->lost));
    json_object_set_new(object, "throttled", count(report->throttled));
    return object;
}

static json_t *notes(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(list, text(report->notes[i]));
    return list;
}

static void set_run(json_t *root, const struct report *report)
{
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "command", command(report));
    json_object_set_new(root, "exit_code", json_integer(report->exit_code));
    json_object_set_new(root, "signal",
                        report->signal ? json_integer(report->signal) : json_null());
    json_object_set_new(root, "allocator", text(report->allocator));
    json_object_set_new(root, "library", text(report->library));
    json_object_set_new(root, "event", text(report->event));
    json_object_set_new(root, "wall_s", number(report->wall_s));
    json_object_set_new(root, "cpu_s", number(report->cpu_s));
    json_object_set_new(root, "user_s", number(report->user_s));
    json_object_set_new(root, "system_s", number(report->system_s));
    json_object_set_new(root, "max_rss_kb", count(report->max_rss_kb));
    json_object_set_new(root, "operations", whole(report->operations));
    json_object_set_new(root, "operations_per_cpu_s", number(report->operations_per_cpu_s));
    json_object_set_new(root, "bytes", whole(report->bytes));
    json_object_set_new(root, "programs", report->counted ? count(report->processes) : json_null());
}

static json_t *build(const struct report *report)
{
    json_t *root = json_object();
    set_run(root, report);
    json_object_set_new(root, "malloc", malloc_share(report));
    json_object_set_new(root, "sampling", sampling(report));
    json_object_set_new(root, "sources", sources(report));
    json_object_set_new(root, "counters", counters(report, false));
    json_object_set_new(root, "counters_per_op", counters(report, true));
    json_object_set_new(root, "memory", memory(report));
    json_object_set_new(root, "levels", levels(report));
    json_object_set_new(root, "size_classes", classes(report));
    json_object_set_new(root, "slow_path", slow_path(report));
    json_object_set_new(root, "overhead", overhead(report));
    json_object_set_new(root, "notes", notes(report));
    return root;
}

int report_print_json(const struct report *report, FILE *stream)
{
    json_t *root = build(report);
    errno = ENOMEM;
    int result = root ? json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : -1;
    json_decref(root);
    if (result == 0 && fputc('\n', stream) == EOF)
        result = -1;
    return result;
}
