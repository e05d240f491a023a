/* SPDX-License-Identifier: MIT */
/* The JSON of `count`, `annotate` and `record`: count_json.c, annotate_json.c, trace_report.c. */
#include "report/count_model.h"
#include "schema.h"

#define KINDS                                                                                      \
    {                                                                                              \
        count_kind_names, COUNT_KINDS                                                              \
    }
#define GROUPS                                                                                     \
    {                                                                                              \
        count_group_names, COUNT_ELSEWHERE + 1                                                     \
    }

#define STEPPED_KEYS                                                                               \
    KEY_COMMAND, KEY_WHOLE("exit_code", 0, NULL, "as reported: 128 + N for signal N"),             \
        KEY_WHOLE("signal", SCHEMA_NULL, NULL, "that ended it"),                                   \
        KEY_TEXT("allocator", 0, "as named by `--with`"),                                          \
        KEY_TEXT("library", SCHEMA_NULL, "the file preloaded; null: glibc"),                       \
        KEY_TEXT("program", SCHEMA_NULL, "the executable of the process that was counted"),        \
        KEY_WHOLE("pid", 0, NULL, "its number"), KEY_WHOLE("skipped", 0, NULL, "`--skip`"),        \
        KEY_WHOLE("wanted", 0, NULL, "`--calls`"), KEY_WHOLE("calls", 0, NULL, "counted"),         \
        KEY_TEXT("stopped", SCHEMA_NULL, "why before `wanted` calls")

static const struct schema_key kind_keys[] = {
    KEY_WORD("name", 0, KINDS, "of calls"),
    KEY_WHOLE("calls", 0, NULL, "counted"),
    KEY_EFFECTS,
    KEY_SPREAD,
    KEY_END,
};
static const struct schema_object kind = {"count_kind", "", kind_keys, NULL};

static const struct schema_key source_keys[] = {
    KEY_TEXT("name", 0, "the source"),
    KEY_WORD("group", 0, GROUPS, "what it belongs to"),
    KEY_TEXT("step", SCHEMA_NULL, "of a malloc"),
    KEY_OBJECT("malloc", 0, &schema_effects, "of all its calls"),
    KEY_OBJECT("calloc", 0, &schema_effects, "of all its calls"),
    KEY_OBJECT("realloc", 0, &schema_effects, "of all its calls"),
    KEY_OBJECT("aligned", 0, &schema_effects, "of all its calls"),
    KEY_OBJECT("free", 0, &schema_effects, "of all its calls"),
    KEY_END,
};
static const struct schema_object source = {"count_source", "", source_keys, NULL};

static const struct schema_key path_keys[] = {
    KEY_EFFECTS,
    KEY_WORD("kind", 0, KINDS, "of calls"),
    KEY_TEXT("name", 0, "of the path"),
    KEY_WHOLE("calls", 0, NULL, "that took it"),
    KEY_SPREAD,
    KEY_WHOLE("bytes_min", 0, "bytes", "least asked for"),
    KEY_WHOLE("bytes_max", 0, "bytes", "most asked for"),
    KEY_WHOLE("dependent_loads_min", SCHEMA_NULL, NULL, "longest chain of loads, of a call"),
    KEY_WHOLE("dependent_loads_max", SCHEMA_NULL, NULL, "the same, at its most"),
    KEY_END,
};
static const struct schema_object path = {"count_path", "", path_keys, NULL};

static const struct schema_key count_keys[] = {
    STEPPED_KEYS,
    KEY_OBJECT("kinds", SCHEMA_LIST, &kind,
               "sums; operators new and delete are malloc or aligned, and free"),
    KEY_OBJECT("sources", SCHEMA_LIST, &source, "sums by source"),
    KEY_OBJECT("paths", SCHEMA_LIST, &path, "sums by path"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_count = {
    .name = "count",
    .text = "hakmem-trace count: whole numbers, sums to be divided by the calls.",
    .keys = count_keys,
    .kind = "count"};

#define SAMPLE_KEYS                                                                                \
    KEY_WHOLE("samples", SCHEMA_NULL, NULL, "of it"), KEY_NUMBER("share", 0, "1", "of all samples")

static const struct schema_key instruction_keys[] = {
    KEY_TEXT("part", 0, "of the function"),
    KEY_WHOLE("offset", 0, "bytes", "in the part"),
    KEY_TEXT("text", SCHEMA_NULL, "null without capstone"),
    KEY_TEXT("source", 0, "that it belongs to"),
    KEY_WORD("group", 0, GROUPS, "of the source"),
    KEY_TEXT("inlined", SCHEMA_NULL, "the function it was written in"),
    KEY_TEXT("file", SCHEMA_NULL, "of its line"),
    KEY_WHOLE("line", SCHEMA_NULL, NULL, "of the file"),
    KEY_TEXT("line_text", SCHEMA_NULL, "what stands there"),
    KEY_WHOLE("target", SCHEMA_NULL, NULL, "address that a jump or call goes to"),
    KEY_BOOLEAN("is_target", 0, "of a jump in this function"),
    KEY_WHOLE("executed", 0, NULL, "times"),
    KEY_OBJECT("effects", 0, &schema_effects, "of one execution"),
    SAMPLE_KEYS,
    KEY_END,
};
static const struct schema_object instruction = {"annotate_instruction", "", instruction_keys,
                                                 NULL};

static const struct schema_key annotate_source_keys[] = {
    KEY_EFFECTS,
    KEY_TEXT("name", 0, "the source"),
    KEY_WORD("group", 0, GROUPS, "of it"),
    SAMPLE_KEYS,
    KEY_END,
};
static const struct schema_object annotate_source = {"annotate_source", "", annotate_source_keys,
                                                     NULL};

static const struct schema_key part_keys[] = {
    KEY_TEXT("name", 0, "of the part"),
    KEY_WHOLE("address", 0, NULL, "where it begins"),
    KEY_WHOLE("bytes", 0, "bytes", "of it"),
    KEY_END,
};
static const struct schema_object part = {"annotate_part", "", part_keys, NULL};

static const struct schema_key function_keys[] = {
    KEY_EFFECTS,
    KEY_TEXT("name", 0, "the function"),
    KEY_WHOLE("calls", 0, NULL, "of it"),
    KEY_SPREAD,
    SAMPLE_KEYS,
    KEY_OBJECT("sources", SCHEMA_LIST, &annotate_source, "of its instructions"),
    KEY_OBJECT("parts", SCHEMA_LIST, &part, "pieces of its code"),
    KEY_OBJECT("code", SCHEMA_LIST, &instruction, "every instruction"),
    KEY_END,
};
static const struct schema_object function = {"annotate_function", "", function_keys, NULL};

static const struct schema_key hottest_keys[] = {
    KEY_TEXT("name", 0, "the function"),
    KEY_WHOLE("calls", 0, NULL, "of it"),
    KEY_WHOLE("instructions", 0, NULL, "of all of them"),
    SAMPLE_KEYS,
    KEY_END,
};
static const struct schema_object hottest = {"annotate_row", "", hottest_keys, NULL};

static const struct schema_key sampling_keys[] = {
    KEY_TEXT("event", 0, "that was sampled"),
    KEY_WHOLE("frequency", 0, "Hz", "of samples"),
    KEY_WHOLE("samples", 0, NULL, "taken"),
    KEY_WHOLE("lost", 0, NULL, "that found no room"),
    KEY_END,
};
static const struct schema_object sampling = {"annotate_sampling", "", sampling_keys, NULL};

static const struct schema_key annotate_keys[] = {
    STEPPED_KEYS,
    KEY_WHOLE("instructions", 0, NULL, "of all calls that were stepped, in whatever library"),
    KEY_OBJECT("sampling", SCHEMA_NULL, &sampling, "null: nothing was sampled"),
    KEY_OBJECT("functions", SCHEMA_LIST | SCHEMA_NULL, &function, "null with `--list`"),
    KEY_OBJECT("hottest", SCHEMA_LIST | SCHEMA_NULL, &hottest, "null without `--list`"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_annotate = {
    .name = "annotate",
    .text = "hakmem-trace annotate: begins as count, of the first run.",
    .keys = annotate_keys,
    .kind = "annotate"};

static const struct schema_key sharing_keys[] = {
    KEY_WHOLE("blocks", 0, NULL, "handed out"),
    KEY_WHOLE("shared", 0, NULL, "of these, into a cache line of another thread's live block"),
    KEY_END,
};
static const struct schema_object sharing = {"record_line_sharing", "", sharing_keys, NULL};

static const struct schema_key record_keys[] = {
    KEY_COMMAND,
    KEY_TEXT("trace", 0, "the file"),
    KEY_TEXT("program", 0, "the one kept"),
    KEY_WHOLE("pid", 0, NULL, "its process"),
    KEY_WHOLE("programs", 0, NULL, "program images recorded, of which one was kept"),
    KEY_WHOLE("operations", 0, NULL, "of the trace"),
    KEY_MAP("counts", SCHEMA_WHOLE, 0, NULL, {0}, "records of each kind, thread ends among them"),
    KEY_WHOLE("threads", 0, NULL, "of the program"),
    KEY_WHOLE("objects", 0, NULL, "allocated"),
    KEY_WHOLE("peak_bytes", 0, "bytes", "live at most"),
    KEY_WHOLE("live_at_end", 0, NULL, "objects never freed"),
    KEY_WHOLE("unknown", 0, NULL, "frees and reallocs of blocks not seen allocated"),
    KEY_WHOLE("unseen_ends", 0, NULL, "objects whose free was not seen"),
    KEY_OBJECT("line_sharing", SCHEMA_NULL, &sharing, "null of one thread"),
    KEY_TEXT("stopped", SCHEMA_NULL, "`limit`, or why the raw trace could not grow"),
    KEY_END,
};
const struct schema_object schema_record = {
    .name = "record", .text = "hakmem-trace record.", .keys = record_keys, .kind = "record"};
