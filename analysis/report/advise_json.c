/* SPDX-License-Identifier: MIT */
#include "advise_json.h"

#include <math.h>

#include "json.h"
#include "json_value.h"

static json_t *allocators(const struct advise_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->allocator_count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "name", value_text(report->allocators[i].name));
        json_object_set_new(row, "share", value_number(report->allocators[i].share));
        json_object_set_new(row, "stays", value_number(report->allocators[i].stays));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *tried(const struct advise_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->tried_count; i++) {
        const struct advise_tried *of = &report->tried[i];
        json_t *row = json_object();
        json_object_set_new(row, "name", value_text(of->name));
        json_object_set_new(row, "library", value_text(of->library));
        json_object_set_new(row, "faster", value_number(of->faster));
        json_object_set_new(row, "memory", value_number(of->memory));
        json_object_set_new(row, "failure", of->failure[0] ? value_text(of->failure) : json_null());
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *best(const struct advise_report *report)
{
    const struct advise_measured *of = &report->measured;
    if (report->best == ADVISE_NONE)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "name", value_text(report->tried[report->best].name));
    json_object_set_new(object, "library", value_text(report->tried[report->best].library));
    json_object_set_new(object, "rounds", json_integer(of->rounds));
    json_object_set_new(object, "faster", value_estimate(&of->faster));
    json_object_set_new(object, "memory", value_estimate(&of->memory));
    json_object_set_new(object, "control", value_estimate(&of->control));
    json_object_set_new(object, "alone_wall_s", value_number(of->alone_s));
    json_object_set_new(object, "alone_user_s", value_number(of->alone_user_s));
    json_object_set_new(object, "alone_system_s", value_number(of->alone_system_s));
    json_object_set_new(object, "alone_max_rss_kb", value_number(of->alone_kb));
    json_object_set_new(object, "user_s", value_number(of->user_s));
    json_object_set_new(object, "system_s", value_number(of->system_s));
    json_object_set_new(object, "indirect", json_boolean(report->is_indirect));
    return object;
}

static json_t *sites(const struct advise_report *report)
{
    if (report->no_sites[0])
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < report->site_count; i++) {
        const struct advise_site *site = &report->sites[i];
        json_t *row = json_object();
        json_object_set_new(row, "kind", json_string(advise_site_names[site->kind]));
        json_object_set_new(row, "path", value_text(site->path));
        json_object_set_new(row, "file", site->file[0] ? value_text(site->file) : json_null());
        json_object_set_new(row, "line", site->line ? json_integer(site->line) : json_null());
        json_object_set_new(row, "time_share", value_number(site->time));
        json_object_set_new(row, "call_share", value_number(site->calls));
        json_array_append_new(list, row);
    }
    return list;
}

static void add_head(json_t *root, const struct advise_report *report)
{
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("advise"));
    json_object_set_new(root, "command", value_texts(report->command));
    json_object_set_new(root, "exit_code", json_integer(report->exit_code));
    json_object_set_new(root, "verdict", json_string(advise_verdict_names[report->verdict]));
    json_object_set_new(root, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(root, "metric", value_text(report->metric));
    json_object_set_new(
        root, "better",
        json_string(report->metric && report->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "seconds", value_number(report->seconds));
    json_object_set_new(root, "seconds_needed", value_number(report->seconds_needed));
    json_object_set_new(root, "elapsed_s", value_number(report->elapsed_s));
}

int advise_print_json(const struct advise_report *report, FILE *stream)
{
    json_t *root = json_object(), *notes = json_array();
    add_head(root, report);
    json_object_set_new(root, "wall_s", value_number(report->wall_s));
    json_object_set_new(root, "cpu_s", value_number(report->cpu_s));
    json_object_set_new(root, "system_s", value_number(report->system_s));
    json_object_set_new(root, "max_rss_kb", value_number(report->max_rss_kb));
    json_object_set_new(root, "malloc_share", value_estimate(&report->malloc));
    json_object_set_new(root, "share_with",
                        isnan(report->malloc.value)
                            ? json_null()
                            : json_string(report->is_of_hakmem ? "hakmem" : "own"));
    json_object_set_new(root, "kernel_for_malloc", value_number(report->kernel_for_malloc));
    json_object_set_new(root, "samples", value_number(report->samples));
    json_object_set_new(root, "allocators", allocators(report));
    json_object_set_new(root, "replaceable",
                        report->is_replaced < 0 ? json_null() : json_boolean(report->is_replaced));
    json_object_set_new(root, "choice_rounds", json_integer(report->choice_rounds));
    json_object_set_new(root, "tried", tried(report));
    json_object_set_new(root, "alone_failure",
                        report->alone_failure[0] ? value_text(report->alone_failure) : json_null());
    json_object_set_new(root, "best", best(report));
    json_object_set_new(root, "sites", sites(report));
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
