/* SPDX-License-Identifier: MIT */
#include "compare_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "json.h"
#include "json_value.h"

json_t *compare_run_json(const struct compare_run *run)
{
    json_t *row = json_object();
    json_object_set_new(row, "round", value_count(run->round));
    json_object_set_new(row, "position", value_count(run->position));
    json_object_set_new(row, "padding", value_count(run->padding));
    json_object_set_new(row, "wall_s", value_number(run->wall_s));
    json_object_set_new(row, "user_s", value_number(run->user_s));
    json_object_set_new(row, "system_s", value_number(run->system_s));
    json_object_set_new(row, "figure", value_number(run->figure));
    json_object_set_new(row, "max_rss_kb", value_count(run->max_rss_kb));
    json_object_set_new(row, "minor_faults", value_count(run->minor_faults));
    json_object_set_new(row, "major_faults", value_count(run->major_faults));
    json_object_set_new(row, "voluntary_switches", value_count(run->voluntary_switches));
    json_object_set_new(row, "involuntary_switches", value_count(run->involuntary_switches));
    json_object_set_new(row, "resident_kb", value_number(run->resident_kb));
    json_object_set_new(row, "live_kb", value_number(run->live_kb));
    return row;
}

static json_t *summary(const struct rounds_summary *summary)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", value_number(summary->mean));
    json_object_set_new(object, "median", value_number(summary->median));
    json_object_set_new(object, "stdev", value_number(summary->stdev));
    json_object_set_new(object, "cv", value_number(summary->cv));
    json_object_set_new(object, "min", value_number(summary->min));
    json_object_set_new(object, "max", value_number(summary->max));
    return object;
}

static json_t *allocator(const struct compare_row *row)
{
    json_t *object = json_object(), *runs = json_array();
    for (size_t i = 0; i < row->run_count; i++)
        json_array_append_new(runs, compare_run_json(&row->runs[i]));
    json_object_set_new(object, "name", value_text(row->name));
    json_object_set_new(object, "library", value_text(row->library));
    json_object_set_new(object, "verdict", json_string(compare_verdict_names[row->verdict]));
    json_object_set_new(object, "failure",
                        row->failure[0] ? value_text(row->failure) : json_null());
    json_object_set_new(object, "last_output", value_text(row->last_output));
    json_object_set_new(object, "compared", summary(&row->compared));
    json_object_set_new(object, "ratio", value_number(row->ratio));
    json_object_set_new(object, "ci_low", value_number(row->ratio_low));
    json_object_set_new(object, "ci_high", value_number(row->ratio_high));
    json_object_set_new(object, "of_floor", value_number(row->of_floor));
    json_object_set_new(object, "of_floor_low", value_number(row->of_floor_range.low));
    json_object_set_new(object, "of_floor_high", value_number(row->of_floor_range.high));
    json_object_set_new(object, "cpu_s", value_number(row->cpu_s));
    json_object_set_new(object, "max_rss_kb", value_number(row->max_rss_kb));
    json_object_set_new(object, "memory_ratio", value_number(row->memory_ratio));
    json_object_set_new(object, "resident_kb", value_number(row->resident_kb));
    json_object_set_new(object, "live_kb", value_number(row->live_kb));
    json_object_set_new(object, "faults", value_number(row->faults));
    json_object_set_new(object, "runs", runs);
    return object;
}

json_t *compare_json(const struct compare_report *report)
{
    json_t *root = json_object(), *allocators = json_array(), *notes = json_array();
    for (size_t i = 0; i < report->row_count; i++)
        json_array_append_new(allocators, allocator(&report->rows[i]));
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("compare"));
    json_object_set_new(root, "command", value_texts(report->command));
    json_object_set_new(root, "metric", value_text(report->metric));
    json_object_set_new(
        root, "better",
        json_string(report->metric && report->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "rounds", value_count(report->rounds));
    json_object_set_new(root, "rounds_done", value_count(report->rounds_done));
    json_object_set_new(root, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(root, "seed", value_count(report->seed));
    json_object_set_new(root, "core", report->core < 0 ? json_null() : json_integer(report->core));
    json_object_set_new(root, "elapsed_s", value_number(report->elapsed_s));
    json_object_set_new(root, "others_cores", value_number(report->others_cores));
    json_object_set_new(root, "stolen_cores", value_number(report->stolen_cores));
    json_object_set_new(root, "floor",
                        report->floor ? value_text(report->rows[report->floor].name) : json_null());
    json_object_set_new(root, "allocators", allocators);
    json_object_set_new(root, "notes", notes);
    return root;
}

int compare_print_json(const struct compare_report *report, FILE *stream)
{
    return value_write(compare_json(report), stream);
}
