/* SPDX-License-Identifier: MIT */
#include "speedscope.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "clean_text.h"
#include "report/json_value.h"
#include "text_table.h"

/* A function of a file is one frame, whichever line it is at. */
struct frames {
    struct text_table table; /* "file\nfunction", cleaned: neither has a newline */
    json_t *list;
};

static size_t frame_of(struct frames *frames, const struct stacks_line *line)
{
    char name[CLEAN_TEXT_BYTES], file[CLEAN_TEXT_BYTES] = "", key[2 * CLEAN_TEXT_BYTES];
    clean_text(line->function, "", name);
    if (line->file)
        clean_text(line->file, "", file);
    snprintf(key, sizeof key, "%s\n%s", file, name);
    size_t known = frames->table.count, at = text_table_add(&frames->table, key);
    if (at == known && frames->table.count > known) {
        json_t *frame = json_object();
        json_object_set_new(frame, "name", json_string(name));
        if (line->file)
            json_object_set_new(frame, "file", json_string(file));
        json_array_append_new(frames->list, frame);
    }
    return at;
}

struct sample {
    struct frames *frames;
    json_t *list;
};

static void add_frame(void *context, const struct stacks_line *line)
{
    struct sample *sample = context;
    json_array_append_new(sample->list, value_count(frame_of(sample->frames, line)));
}

/* One list for each path, that all profiles share. */
static json_t *make_samples(const struct stacks *stacks, struct frames *frames)
{
    json_t *samples = json_array();
    for (size_t i = 0; i < stacks->path_count; i++) {
        struct sample sample = {frames, json_array()};
        stacks_walk(stacks, &stacks->paths[i], add_frame, &sample);
        json_array_append_new(samples, sample.list);
    }
    return samples;
}

/* What the format has no word for is "none". */
static const char *unit_of(const struct stacks_type *type)
{
    static const char *const known[] = {"nanoseconds", "bytes"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(type->unit, known[i]) == 0)
            return known[i];
    }
    return "none";
}

static json_t *profile_of(const struct stacks *stacks, size_t type, const json_t *samples)
{
    json_t *profile = json_object(), *stack_list = json_array(), *weights = json_array();
    int64_t sum = 0;
    for (size_t i = 0; i < stacks->path_count; i++) {
        int64_t value = stacks->paths[i].values[type];
        if (value <= 0)
            continue;
        json_array_append(stack_list, json_array_get(samples, i));
        json_array_append_new(weights, json_integer(value));
        sum += value;
    }
    json_object_set_new(profile, "type", json_string("sampled"));
    json_object_set_new(profile, "name", json_string(stacks->types[type].name));
    json_object_set_new(profile, "unit", json_string(unit_of(&stacks->types[type])));
    json_object_set_new(profile, "startValue", json_integer(0));
    json_object_set_new(profile, "endValue", json_integer(sum));
    json_object_set_new(profile, "samples", stack_list);
    json_object_set_new(profile, "weights", weights);
    return profile;
}

static json_t *whole(const struct stacks *stacks, struct frames *frames)
{
    char name[CLEAN_TEXT_BYTES];
    json_t *root = json_object(), *profiles = json_array(), *shared = json_object();
    json_t *samples = make_samples(stacks, frames);
    for (size_t i = 0; i < stacks->type_count; i++)
        json_array_append_new(profiles, profile_of(stacks, i, samples));
    json_decref(samples);
    json_object_set_new(shared, "frames", frames->list);
    json_object_set_new(root, "$schema",
                        json_string("https://www.speedscope.app/file-format-schema.json"));
    json_object_set_new(root, "exporter", json_string("hakmem-trace " HAKMEM_VERSION));
    json_object_set_new(root, "name", json_string(clean_text(stacks->command[0], "", name)));
    json_object_set_new(root, "activeProfileIndex", value_count(stacks->shown));
    json_object_set_new(root, "shared", shared);
    json_object_set_new(root, "profiles", profiles);
    return root;
}

int speedscope_print(const struct stacks *stacks, FILE *stream)
{
    struct frames frames = {.list = json_array()};
    json_t *root = whole(stacks, &frames);
    if (frames.table.no_memory) {
        json_decref(root);
        root = NULL;
    }
    text_table_finish(&frames.table);
    return value_write_line(root, stream);
}
