/* SPDX-License-Identifier: MIT */
#include "compare_json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "json.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value);
}

/* JSON is UTF-8; bytes above 127 of what is not are written as \xNN. */
static json_t *text(const char *value)
{
    json_t *string = value ? json_string(value) : json_null();
    char *escaped = NULL;
    size_t bytes;
    if (string)
        return string;
    FILE *stream = open_memstream(&escaped, &bytes);
    if (!stream)
        return NULL;
    for (; *value; value++)
        fprintf(stream, (unsigned char)*value < 0x80 ? "%c" : "\\x%02x", (unsigned char)*value);
    if (fclose(stream) == 0)
        string = json_stringn(escaped, bytes);
    free(escaped);
    return string;
}

static json_t *command(const struct compare_report *report)
{
    json_t *list = json_array();
    for (char *const *argument = report->command; *argument; argument++)
        json_array_append_new(list, text(*argument));
    return list;
}

static json_t *run(const struct compare_run *run)
{
    json_t *row = json_object();
    json_object_set_new(row, "round", count(run->round));
    json_object_set_new(row, "position", count(run->position));
    json_object_set_new(row, "padding", count(run->padding));
    json_object_set_new(row, "wall_s", number(run->wall_s));
    json_object_set_new(row, "user_s", number(run->user_s));
    json_object_set_new(row, "system_s", number(run->system_s));
    json_object_set_new(row, "figure", number(run->figure));
    json_object_set_new(row, "max_rss_kb", count(run->max_rss_kb));
    json_object_set_new(row, "minor_faults", count(run->minor_faults));
    json_object_set_new(row, "major_faults", count(run->major_faults));
    json_object_set_new(row, "involuntary_switches", count(run->involuntary_switches));
    return row;
}

static json_t *summary(const struct rounds_summary *summary)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", number(summary->mean));
    json_object_set_new(object, "median", number(summary->median));
    json_object_set_new(object, "stdev", number(summary->stdev));
    json_object_set_new(object, "cv", number(summary->cv));
    json_object_set_new(object, "min", number(summary->min));
    json_object_set_new(object, "max", number(summary->max));
    return object;
}

static json_t *allocator(const struct compare_row *row)
{
    json_t *object = json_object(), *runs = json_array();
    for (size_t i = 0; i < row->run_count; i++)
        json_array_append_new(runs, run(&row->runs[i]));
    json_object_set_new(object, "name", text(row->name));
    json_object_set_new(object, "library", text(row->library));
    json_object_set_new(object, "verdict", json_string(compare_verdict_names[row->verdict]));
    json_object_set_new(object, "failure", row->failure[0] ? text(row->failure) : json_null());
    json_object_set_new(object, "last_output", text(row->last_output));
    json_object_set_new(object, "compared", summary(&row->compared));
    json_object_set_new(object, "ratio", number(row->ratio));
    json_object_set_new(object, "ci_low", number(row->ratio_low));
    json_object_set_new(object, "ci_high", number(row->ratio_high));
    json_object_set_new(object, "cpu_s", number(row->cpu_s));
    json_object_set_new(object, "max_rss_kb", number(row->max_rss_kb));
    json_object_set_new(object, "faults", number(row->faults));
    json_object_set_new(object, "runs", runs);
    return object;
}

static json_t *build(const struct compare_report *report)
{
    json_t *root = json_object(), *allocators = json_array(), *notes = json_array();
    for (size_t i = 0; i < report->row_count; i++)
        json_array_append_new(allocators, allocator(&report->rows[i]));
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, text(report->notes[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("compare"));
    json_object_set_new(root, "command", command(report));
    json_object_set_new(root, "metric", text(report->metric));
    json_object_set_new(
        root, "better",
        json_string(report->metric && report->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "rounds", count(report->rounds));
    json_object_set_new(root, "rounds_done", count(report->rounds_done));
    json_object_set_new(root, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(root, "seed", count(report->seed));
    json_object_set_new(root, "core", report->core < 0 ? json_null() : json_integer(report->core));
    json_object_set_new(root, "elapsed_s", number(report->elapsed_s));
    json_object_set_new(root, "others_cores", number(report->others_cores));
    json_object_set_new(root, "stolen_cores", number(report->stolen_cores));
    json_object_set_new(root, "allocators", allocators);
    json_object_set_new(root, "notes", notes);
    return root;
}

int compare_print_json(const struct compare_report *report, FILE *stream)
{
    json_t *root = build(report);
    errno = ENOMEM;
    int result = root ? json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : -1;
    json_decref(root);
    if (result == 0 && fputc('\n', stream) == EOF)
        result = -1;
    return result;
}
