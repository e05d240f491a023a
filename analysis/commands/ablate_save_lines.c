/* SPDX-License-Identifier: MIT */
#include "ablate_save_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compare_options.h"
#include "report/compare_json.h"
#include "report/json.h"
#include "report/json_value.h"

/* Enough to tell a library that was built again: FNV-1a, www.isthe.com/chongo/tech/comp/fnv. */
static uint64_t hash(uint64_t value, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value = (value ^ bytes[i]) * 0x100000001b3;
    return value;
}

/* Of what is in the file, read: a mapping would end this process where the file gets shorter
 * meanwhile. 0 where it can't be read. */
static uint64_t hash_of(const char *path)
{
    struct stat status;
    unsigned char bytes[16384];
    ssize_t got = -1;
    uint64_t value = 0xcbf29ce484222325;
    int file = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    if (file < 0)
        return 0;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        while ((got = read(file, bytes, sizeof bytes)) > 0)
            value = hash(value, bytes, (size_t)got);
    }
    close(file);
    return got == 0 ? value : 0;
}

static json_t *factors(const struct ablate_report *report)
{
    json_t *list = json_array();
    for (size_t f = 0; f < report->factorial.factor_count; f++) {
        const struct ablate_factor *factor = &report->factors[f];
        json_array_append_new(list, json_sprintf("%s=%s", factor->name, factor->far));
    }
    return list;
}

static json_t *libraries(const struct ablate_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->runs.row_count; i++) {
        json_t *library = json_array();
        json_array_append_new(library, value_text(report->runs.rows[i].library));
        json_array_append_new(library, json_sprintf("%016llx", (unsigned long long)hash_of(
                                                                   report->runs.rows[i].library)));
        json_array_append_new(list, library);
    }
    return list;
}

static char *line_of(json_t *object)
{
    char *line = NULL, *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text || asprintf(&line, "%s\n", text) < 0) {
        line = NULL;
        errno = ENOMEM;
    }
    free(text);
    return line;
}

char *ablate_save_description(const struct ablate_report *report)
{
    const struct compare_report *runs = &report->runs;
    json_t *root = json_object();
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string("ablate save"));
    json_object_set_new(root, "version", json_string(HAKMEM_VERSION));
    json_object_set_new(root, "command", value_texts(runs->command));
    json_object_set_new(root, "factors", factors(report));
    json_object_set_new(root, "design", json_string(ablate_design_names[report->factorial.design]));
    json_object_set_new(root, "metric", value_text(runs->metric));
    json_object_set_new(root, "better",
                        json_string(runs->metric && runs->higher_is_better ? "higher" : "lower"));
    json_object_set_new(root, "seed", value_count(runs->seed));
    json_object_set_new(root, "core", runs->core < 0 ? json_null() : json_integer(runs->core));
    json_object_set_new(root, "libraries", libraries(report));
    return line_of(root);
}

void ablate_save_difference(const char *own, const char *other, char *why, size_t why_bytes)
{
    json_t *mine = json_loads(own, 0, NULL), *theirs = json_loads(other, 0, NULL), *value;
    const char *key, *different = NULL;
    json_object_foreach(mine, key, value)
    {
        if (!different && !json_equal(value, json_object_get(theirs, key)))
            different = key;
    }
    if (!different || strcmp(different, "schema") == 0 || strcmp(different, "kind") == 0)
        snprintf(why, why_bytes, "not a file of ablate --save");
    else
        snprintf(why, why_bytes, "it is of another experiment: not the same %s", different);
    json_decref(theirs);
    json_decref(mine);
}

char *ablate_save_run_line(const struct ablate_report *report, size_t row)
{
    const struct compare_row *of = &report->runs.rows[row];
    json_t *object = json_object();
    json_object_set_new(object, "row", value_count(row));
    json_object_update_new(object, compare_run_json(&of->runs[of->run_count - 1]));
    return line_of(object);
}

/* Absent: 0, which no run has for its round. */
static uint64_t count_of(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static struct compare_run run_of(const json_t *object)
{
    return (struct compare_run){
        .round = (unsigned)count_of(object, "round"),
        .position = (unsigned)count_of(object, "position"),
        .padding = (unsigned)count_of(object, "padding"),
        .wall_s = number_of(object, "wall_s"),
        .user_s = number_of(object, "user_s"),
        .system_s = number_of(object, "system_s"),
        .figure = number_of(object, "figure"),
        .max_rss_kb = count_of(object, "max_rss_kb"),
        .minor_faults = count_of(object, "minor_faults"),
        .major_faults = count_of(object, "major_faults"),
        .voluntary_switches = count_of(object, "voluntary_switches"),
        .involuntary_switches = count_of(object, "involuntary_switches"),
        .resident_kb = number_of(object, "resident_kb"),
        .live_kb = number_of(object, "live_kb"),
    };
}

bool ablate_save_take_run(const char *line, struct ablate_report *report)
{
    json_t *object = json_loads(line, 0, NULL);
    uint64_t index = json_is_integer(json_object_get(object, "row")) ? count_of(object, "row")
                                                                     : report->runs.row_count;
    bool fits = false;
    if (index < report->runs.row_count) {
        struct compare_row *row = &report->runs.rows[index];
        struct compare_run run = run_of(object);
        double cost = report->runs.metric ? run.figure : run.wall_s;
        fits = row->run_count < COMPARE_ROUNDS_MAX && run.round == row->run_count + 1 && cost > 0;
        if (fits)
            row->runs[row->run_count++] = run;
    }
    json_decref(object);
    return fits;
}
