/* SPDX-License-Identifier: MIT */
/*
 * Written piece by piece: serialized messages one after the other are the message that has all
 * their fields, so a Profile with one sample in it adds that sample to those before.
 */
#include "pprof.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clean_text.h"
#include "compressed.h"
#include "profile.pb-c.h"
#include "text_table.h"

typedef HakmemPprof__Profile profile_message;

struct writer {
    const struct stacks *stacks;
    struct compressed out;
    struct text_table strings, functions; /* of functions: "name file", by numbers of strings */
    size_t *function_of;                  /* by line: its id */
    uint8_t *buffer;
    size_t room;
    int error;
};

const char *pprof_obstacle(void)
{
    return NULL;
}

static void emit(struct writer *writer, const profile_message *part)
{
    size_t bytes = hakmem_pprof__profile__get_packed_size(part);
    if (bytes > writer->room) {
        uint8_t *wider = realloc(writer->buffer, 2 * bytes);
        if (!wider) {
            writer->error = ENOMEM;
            return;
        }
        writer->buffer = wider;
        writer->room = 2 * bytes;
    }
    compressed_add(&writer->out, writer->buffer, hakmem_pprof__profile__pack(part, writer->buffer));
}

static int64_t string(struct writer *writer, const char *text)
{
    char clean[CLEAN_TEXT_BYTES];
    return (int64_t)text_table_add(&writer->strings, text ? clean_text(text, "", clean) : "");
}

static HakmemPprof__ValueType type_message(struct writer *writer, size_t at)
{
    HakmemPprof__ValueType type = HAKMEM_PPROF__VALUE_TYPE__INIT;
    type.type = string(writer, writer->stacks->types[at].name);
    type.unit = string(writer, writer->stacks->types[at].unit);
    return type;
}

static void emit_types(struct writer *writer)
{
    for (size_t i = 0; i < writer->stacks->type_count; i++) {
        profile_message part = HAKMEM_PPROF__PROFILE__INIT;
        HakmemPprof__ValueType type = type_message(writer, i), *list[] = {&type};
        part.n_sample_type = 1;
        part.sample_type = list;
        emit(writer, &part);
    }
}

/* Ids count from 1, in the order in which functions are met. */
static void emit_function(struct writer *writer, size_t at)
{
    char key[64];
    const struct stacks_line *line = &writer->stacks->lines[at];
    int64_t name = string(writer, line->function), file = string(writer, line->file);
    snprintf(key, sizeof key, "%jd %jd", (intmax_t)name, (intmax_t)file);
    size_t known = writer->functions.count;
    writer->function_of[at] = text_table_add(&writer->functions, key) + 1;
    if (writer->functions.count == known)
        return;
    profile_message part = HAKMEM_PPROF__PROFILE__INIT;
    HakmemPprof__Function function = HAKMEM_PPROF__FUNCTION__INIT, *list[] = {&function};
    function.id = writer->function_of[at];
    function.name = function.system_name = name;
    function.filename = file;
    part.n_function = 1;
    part.function = list;
    emit(writer, &part);
}

/* What all places of the module have: who reads this need not look anything up himself then. */
struct known {
    bool files, lines, inlined;
};

static struct known known_of(const struct stacks *stacks, int module)
{
    struct known known = {true, true, false};
    for (size_t i = 0; i < stacks->place_count; i++) {
        const struct stacks_place *place = &stacks->places[i];
        if (place->module != module)
            continue;
        known.inlined |= place->line_count > 1;
        for (size_t k = 0; k < place->line_count; k++) {
            known.files &= stacks->lines[place->first_line + k].file != NULL;
            known.lines &= stacks->lines[place->first_line + k].line > 0;
        }
    }
    return known;
}

static void emit_mapping(struct writer *writer, size_t at)
{
    const struct stacks_module *module = &writer->stacks->modules[at];
    const struct known known = known_of(writer->stacks, (int)at);
    profile_message part = HAKMEM_PPROF__PROFILE__INIT;
    HakmemPprof__Mapping mapping = HAKMEM_PPROF__MAPPING__INIT, *list[] = {&mapping};
    mapping.id = at + 1;
    mapping.memory_start = module->start;
    mapping.memory_limit = module->limit;
    mapping.file_offset = module->offset;
    mapping.filename = string(writer, module->path);
    mapping.build_id = string(writer, module->build_id);
    mapping.has_functions = true;
    mapping.has_filenames = known.files;
    mapping.has_line_numbers = known.lines;
    mapping.has_inline_frames = known.inlined;
    part.n_mapping = 1;
    part.mapping = list;
    emit(writer, &part);
}

static void emit_location(struct writer *writer, size_t at)
{
    const struct stacks_place *place = &writer->stacks->places[at];
    profile_message part = HAKMEM_PPROF__PROFILE__INIT;
    HakmemPprof__Location location = HAKMEM_PPROF__LOCATION__INIT, *list[] = {&location};
    HakmemPprof__Line *lines = calloc(place->line_count, sizeof *lines);
    HakmemPprof__Line **line_list = calloc(place->line_count, sizeof *line_list);
    location.id = at + 1;
    location.mapping_id = (uint64_t)(place->module + 1);
    location.address = place->address;
    for (size_t i = 0; lines && line_list && i < place->line_count; i++) {
        hakmem_pprof__line__init(&lines[i]);
        lines[i].function_id = writer->function_of[place->first_line + i];
        lines[i].line = writer->stacks->lines[place->first_line + i].line;
        line_list[i] = &lines[i];
    }
    location.n_line = place->line_count;
    location.line = line_list;
    part.n_location = 1;
    part.location = list;
    if (lines && line_list)
        emit(writer, &part);
    else
        writer->error = ENOMEM;
    free(line_list);
    free(lines);
}

static void emit_sample(struct writer *writer, const struct stacks_path *path)
{
    profile_message part = HAKMEM_PPROF__PROFILE__INIT;
    HakmemPprof__Sample sample = HAKMEM_PPROF__SAMPLE__INIT, *list[] = {&sample};
    uint64_t *ids = calloc(path->count, sizeof *ids);
    for (size_t i = 0; ids && i < path->count; i++)
        ids[i] = writer->stacks->steps[path->first + i] + 1;
    sample.n_location_id = path->count;
    sample.location_id = ids;
    sample.n_value = writer->stacks->type_count;
    sample.value = (int64_t *)path->values;
    part.n_sample = 1;
    part.sample = list;
    if (ids)
        emit(writer, &part);
    else
        writer->error = ENOMEM;
    free(ids);
}

/* The words of the command with spaces between. */
static int64_t command_comment(struct writer *writer)
{
    char *text = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&text, &bytes);
    for (char *const *word = writer->stacks->command; stream && *word; word++)
        fprintf(stream, "%s%s", word == writer->stacks->command ? "" : " ", *word);
    if (!stream || fclose(stream) != 0)
        writer->error = ENOMEM;
    int64_t comment = string(writer, text);
    free(text);
    return comment;
}

static void emit_head(struct writer *writer)
{
    const struct stacks *stacks = writer->stacks;
    profile_message part = HAKMEM_PPROF__PROFILE__INIT;
    HakmemPprof__ValueType period;
    int64_t comment = command_comment(writer);
    if (stacks->period) {
        period = type_message(writer, stacks->period_type);
        part.period_type = &period;
        part.period = stacks->period;
    }
    part.time_nanos = (int64_t)stacks->began_ns;
    part.duration_nanos = (int64_t)stacks->lasted_ns;
    part.default_sample_type = string(writer, stacks->types[stacks->shown].name);
    part.n_comment = 1;
    part.comment = &comment;
    emit(writer, &part);
}

static void emit_strings(struct writer *writer)
{
    for (size_t i = 0; i < writer->strings.count; i++) {
        profile_message part = HAKMEM_PPROF__PROFILE__INIT;
        part.n_string_table = 1;
        part.string_table = &writer->strings.texts[i];
        emit(writer, &part);
    }
}

static void emit_all(struct writer *writer)
{
    const struct stacks *stacks = writer->stacks;
    string(writer, ""); /* number 0 */
    emit_types(writer);
    emit_head(writer);
    for (size_t i = 0; i < stacks->module_count; i++)
        emit_mapping(writer, i);
    for (size_t i = 0; i < stacks->line_count; i++)
        emit_function(writer, i);
    for (size_t i = 0; i < stacks->place_count; i++)
        emit_location(writer, i);
    for (size_t i = 0; i < stacks->path_count; i++)
        emit_sample(writer, &stacks->paths[i]);
    emit_strings(writer);
}

int pprof_print(const struct stacks *stacks, FILE *stream)
{
    struct writer writer = {.stacks = stacks};
    writer.function_of = calloc(stacks->line_count + 1, sizeof *writer.function_of);
    compressed_start(&writer.out, stream);
    if (writer.function_of)
        emit_all(&writer);
    int result = compressed_end(&writer.out), error = errno;
    if (!writer.function_of || writer.strings.no_memory || writer.functions.no_memory)
        writer.error = ENOMEM;
    free(writer.function_of);
    free(writer.buffer);
    text_table_finish(&writer.strings);
    text_table_finish(&writer.functions);
    errno = writer.error ? writer.error : error;
    return writer.error ? -1 : result;
}
