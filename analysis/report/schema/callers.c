/* SPDX-License-Identifier: MIT */
/* The JSON of `callers`: callers_json.c. */
#include "report/callers_model.h"
#include "schema.h"

#define ADVICE                                                                                     \
    {                                                                                              \
        callers_advice_names, CALLERS_PADDING + 1                                                  \
    }

static const struct schema_key frame_keys[] = {
    KEY_TEXT("function", SCHEMA_NULL, "its name"),
    KEY_BOOLEAN("recursive", 0, "it stands there more than once in a row"),
    KEY_END,
};
static const struct schema_object frame = {"callers_frame", "", frame_keys, NULL};

static const struct schema_key size_keys[] = {
    KEY_WHOLE("p10", 0, "bytes", "of ten calls one asks for no more"),
    KEY_WHOLE("median", 0, "bytes", "asked for"),
    KEY_WHOLE("p90", 0, "bytes", "of ten calls nine ask for no more"),
    KEY_ESTIMATE("of_median", 0, "1", "share of calls that ask for exactly that"),
    KEY_WHOLE("usable", SCHEMA_NULL, "bytes", "in a block of it"),
    KEY_ESTIMATE("above_class", 0, "1", "share of calls just above a size class"),
    KEY_WHOLE("class_below", SCHEMA_NULL, "bytes", "that this class has"),
    KEY_NUMBER("wasted_bytes", 0, "bytes", "of a block"),
    KEY_END,
};
static const struct schema_object sizes = {"callers_sizes", "", size_keys, NULL};

static const struct schema_key end_keys[] = {
    KEY_NUMBER("freed", 0, "1", "share of the blocks"),
    KEY_NUMBER("reallocated", 0, "1", "share of the blocks"),
    KEY_NUMBER("live", 0, "1", "share of the blocks"),
    KEY_NUMBER("lifetime_ns", 0, "ns", "median"),
    KEY_NUMBER("lifetime_calls", 0, NULL, "median, in calls of the thread"),
    KEY_ESTIMATE("remote", 0, "1", "share of the freed: by another thread"),
    KEY_ESTIMATE("brief", 0, "1", "share of the calls"),
    KEY_END,
};
static const struct schema_object ends = {"callers_ends", "", end_keys, NULL};

static const struct schema_key growth_keys[] = {
    KEY_NUMBER("calls", 0, NULL, "of realloc"),
    KEY_ESTIMATE("of_a_block", 0, NULL, "growths of a block"),
    KEY_NUMBER("factor", 0, NULL, "median, of one"),
    KEY_WHOLE("final_size", 0, "bytes", "median"),
    KEY_END,
};
static const struct schema_object growth = {"callers_growth", "", growth_keys, NULL};

#define SAMPLED "where `samples` is above 0: "
enum { SOMETIMES = SCHEMA_MISSING };

static const struct schema_key path_keys[] = {
    KEY_TEXT("called", SCHEMA_NULL, "the function of malloc's that was called"),
    KEY_TEXT("module", SCHEMA_NULL, "the file whose code called"),
    KEY_WHOLE("offset", SCHEMA_NULL, "bytes", "in it, where the call returns to"),
    KEY_TEXT("file", SCHEMA_NULL, "of the source"),
    KEY_WHOLE("line", SCHEMA_NULL, NULL, "null: not known, or not among those shown"),
    KEY_OBJECT("frames", SCHEMA_LIST, &frame, "the innermost first"),
    KEY_BOOLEAN("longer", 0, "there are more frames"),
    KEY_WHOLE("time_samples", 0, NULL, "of malloc's time"),
    KEY_ESTIMATE("time_share", 0, "1", "of malloc's time"),
    KEY_WHOLE("samples", 0, NULL, "of calls"),
    KEY_NUMBER("effective_samples", SOMETIMES, NULL, SAMPLED "what they are worth"),
    KEY_ESTIMATE("calls", SOMETIMES, NULL, SAMPLED "calls"),
    KEY_ESTIMATE("bytes", SOMETIMES, "bytes", SAMPLED "asked for"),
    KEY_ESTIMATE("call_share", SOMETIMES, "1", SAMPLED "of all calls"),
    KEY_ESTIMATE("byte_share", SOMETIMES, "1", SAMPLED "of all bytes"),
    KEY_OBJECT("sizes", SOMETIMES, &sizes, SAMPLED "sizes"),
    KEY_OBJECT("ends", SOMETIMES, &ends, SAMPLED "what became of the blocks"),
    KEY_OBJECT("growth", SOMETIMES, &growth, SAMPLED "by realloc"),
    KEY_END,
};
static const struct schema_object path = {"callers_path", "", path_keys, NULL};

static const struct schema_key advice_keys[] = {
    KEY_WORD("kind", 0, ADVICE, "what could be done"),
    KEY_WHOLE("path", 0, NULL, "index into `paths`"),
    KEY_WHOLE("samples", 0, NULL, "it rests on"),
    KEY_ESTIMATE("measure", 0, NULL, "growths of a block for `reserve`, else the share"),
    KEY_END,
};
static const struct schema_object advice = {"callers_advice", "", advice_keys, NULL};

static const struct schema_key time_keys[] = {
    KEY_TEXT("event", 0, "that was sampled"),
    KEY_WHOLE("frequency", 0, "Hz", "of samples"),
    KEY_WHOLE("samples", 0, NULL, "taken"),
    KEY_WHOLE("malloc_samples", 0, NULL, "of these in malloc"),
    KEY_ESTIMATE("malloc_share", 0, "1", "of the processor time"),
    KEY_WHOLE("lost", 0, NULL, "that found no room"),
    KEY_END,
};
static const struct schema_object time_object = {"callers_time", "", time_keys, NULL};

static const struct schema_key sampling_keys[] = {
    KEY_WHOLE("mean_bytes", 0, "bytes", "`--bytes`"), KEY_WHOLE("samples", 0, NULL, "of calls"),
    KEY_WHOLE("programs", 0, NULL, "that left some"), KEY_ESTIMATE("calls", 0, NULL, "all"),
    KEY_ESTIMATE("bytes", 0, "bytes", "all"),         KEY_END,
};
static const struct schema_object sampling = {"callers_sampling", "", sampling_keys, NULL};

static const struct schema_key callers_keys[] = {
    KEY_COMMAND,
    KEY_WHOLE("exit_code", 0, NULL, "as reported: 128 + N for signal N"),
    KEY_WHOLE("signal", SCHEMA_NULL, NULL, "that ended it"),
    KEY_TEXT("allocator", 0, "as named by `--with`"),
    KEY_TEXT("library", SCHEMA_NULL, "the file preloaded; null: glibc"),
    KEY_NUMBER("cpu_s", 0, "s", "processor time of the command and its descendants"),
    KEY_OBJECT("time", SCHEMA_NULL, &time_object, "null: no samples"),
    KEY_OBJECT("sampling", 0, &sampling, "of calls"),
    KEY_OBJECT("paths", SCHEMA_LIST, &path, "the first is of no known caller"),
    KEY_WHOLE("by_time", SCHEMA_LIST, NULL, "indexes into `paths`, the costliest first"),
    KEY_WHOLE("by_bytes", SCHEMA_LIST, NULL, "the same by bytes"),
    KEY_OBJECT("advice", SCHEMA_LIST, &advice, "for some of them"),
    KEY_TEXT("no_advice", SCHEMA_NULL, "why there is none"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_callers = {
    .name = "callers", .text = "hakmem-trace callers.", .keys = callers_keys, .kind = "callers"};
