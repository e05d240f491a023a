/* SPDX-License-Identifier: MIT */
#include "health_json.h"

#include "compare_json.h"
#include "json.h"
#include "json_value.h"

static json_t *counters(const struct health_counters *counters)
{
    json_t *object = json_object();
    json_object_set_new(object, "programs", value_count(counters->programs));
    json_object_set_new(object, "unreadable", value_count(counters->unreadable));
    json_object_set_new(object, "operations", value_count(counters->operations));
    json_object_set_new(object, "mallocs", value_count(counters->mallocs));
    json_object_set_new(object, "frees", value_count(counters->frees));
    json_object_set_new(object, "refused", value_count(counters->refused));
    json_object_set_new(object, "live", value_count(counters->live));
    return object;
}

static json_t *profile(const struct health_profile *profile)
{
    json_t *object = json_object(), *reasons = json_array();
    for (size_t i = 0; i < profile->reason_count; i++)
        json_array_append_new(reasons, value_text(profile->reasons[i]));
    json_object_set_new(object, "name", value_text(profile->name));
    json_object_set_new(object, "verdict", json_string(health_verdict_names[profile->verdict]));
    json_object_set_new(object, "reasons", reasons);
    json_object_set_new(object, "checksum",
                        profile->checksum[0] ? value_text(profile->checksum) : json_null());
    json_object_set_new(object, "operations", value_count(profile->operations));
    json_object_set_new(object, "counters",
                        profile->has_counters ? counters(&profile->counters) : json_null());
    json_object_set_new(object, "comparison", compare_json(&profile->runs));
    return object;
}

int health_print_json(const struct health_report *report, FILE *stream)
{
    json_t *root = json_object(), *profiles = json_array();
    const struct compare_row *row = &report->profiles[0].runs.rows[HEALTH_ROW];
    for (size_t i = 0; i < report->profile_count; i++)
        json_array_append_new(profiles, profile(&report->profiles[i]));
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("health"));
    json_object_set_new(root, "allocator", value_text(row->name));
    json_object_set_new(root, "library", value_text(row->library));
    json_object_set_new(root, "verdict", json_string(health_verdict_names[report->verdict]));
    json_object_set_new(root, "interrupted", json_boolean(report->interrupted));
    json_object_set_new(root, "bound", value_number(report->bound));
    json_object_set_new(root, "memory_bound", value_number(report->memory_bound));
    json_object_set_new(root, "profiles", profiles);
    return value_write(root, stream);
}
