/* SPDX-License-Identifier: MIT */
/* The JSON of `why`: why_json.c. */
#include "report/why_model.h"
#include "schema.h"

#define PARTS                                                                                      \
    {                                                                                              \
        step_part_names, STEP_PARTS                                                                \
    }
#define SIGNS                                                                                      \
    {                                                                                              \
        why_sign_names, WHY_MORE + 1                                                               \
    }
#define UNITS                                                                                      \
    {                                                                                              \
        why_unit_names, WHY_PERCENT + 1                                                            \
    }
#define VERDICTS                                                                                   \
    {                                                                                              \
        why_verdict_names, WHY_IN_PART + 1                                                         \
    }
#define KINDS                                                                                      \
    {                                                                                              \
        why_kind_names, WHY_KINDS                                                                  \
    }

#define VALUE_KEYS                                                                                 \
    KEY_NUMBER("a", 0, NULL, "of the one"), KEY_NUMBER("b", 0, NULL, "of the other"),              \
        KEY_NUMBER("difference", 0, NULL, "b less a"), KEY_INTERVAL(NULL)

static const struct schema_key value_keys[] = {VALUE_KEYS, KEY_END};
static const struct schema_object value = {"why_value", "A figure of both allocators, in the unit.",
                                           value_keys, NULL};

static const struct schema_key part_keys[] = {
    VALUE_KEYS,
    KEY_WORD("name", 0, PARTS, "a part of the time"),
    KEY_WORD("sign", 0, SIGNS, "what can be said of the difference"),
    KEY_NUMBER("control", 0, NULL, "the difference of A again"),
    KEY_END,
};
static const struct schema_object part = {"why_part", "", part_keys, NULL};

static const struct schema_key explained_keys[] = {
    KEY_NUMBER("share", 0, "1", "of the measured difference"),
    KEY_INTERVAL("1"),
    KEY_END,
};
static const struct schema_object explained = {"why_explained", "", explained_keys, NULL};

static const struct schema_key waterfall_keys[] = {
    KEY_WORD("unit", 0, UNITS, "of every value"),
    KEY_WHOLE("rounds", 0, NULL, "that are complete"),
    KEY_OBJECT("measured", 0, &value, "the difference"),
    KEY_OBJECT("control", 0, &value, "A against A again"),
    KEY_OBJECT("parts", SCHEMA_LIST, &part, "of the difference"),
    KEY_OBJECT("sum", SCHEMA_NULL, &value, "of the parts"),
    KEY_OBJECT("known", SCHEMA_NULL, &value, "the sum without `unknown`"),
    KEY_OBJECT("unexplained", SCHEMA_NULL, &value, "what the parts leave"),
    KEY_OBJECT("explained", 0, &explained, "by the parts"),
    KEY_WORD("verdict", 0, VERDICTS, "of the whole"),
    KEY_END,
};
static const struct schema_object waterfall = {"why_waterfall", "", waterfall_keys, NULL};

static const struct schema_key step_keys[] = {
    KEY_TEXT("name", 0, "of the step"),
    KEY_WHOLE("malloc", 0, NULL, "instructions of all these calls"),
    KEY_WHOLE("free", 0, NULL, "the same of free"),
    KEY_WHOLE("other", 0, NULL, "the same of the other calls"),
    KEY_END,
};
static const struct schema_object step = {"why_step", "", step_keys, NULL};

static const struct schema_key counted_keys[] = {
    KEY_MAP("calls", SCHEMA_WHOLE, 0, NULL, KINDS, "calls that were counted"),
    KEY_OBJECT("steps", SCHEMA_LIST, &step, "instructions by step"),
    KEY_END,
};
static const struct schema_object counted = {"why_counted", "", counted_keys, NULL};

static const struct schema_key instructions_keys[] = {
    KEY_OBJECT("a", 0, &counted, "of the one"),
    KEY_OBJECT("b", 0, &counted, "of the other"),
    KEY_NUMBER("known", 0, "1", "share whose step is known"),
    KEY_END,
};
static const struct schema_object instructions = {"why_instructions", "", instructions_keys, NULL};

static const struct schema_key figure_keys[] = {
    VALUE_KEYS,
    KEY_TEXT("name", 0, "what it is of"),
    KEY_WORD("sign", 0, SIGNS, "what can be said of the difference"),
    KEY_END,
};
static const struct schema_object figure = {"why_figure", "", figure_keys, NULL};

static const struct schema_key operations_keys[] = {
    KEY_NUMBER("median", 0, NULL, "of a run"),
    KEY_NUMBER("least", 0, NULL, "of a run"),
    KEY_NUMBER("most", 0, NULL, "of a run"),
    KEY_WHOLE("runs", 0, NULL, "that were counted"),
    KEY_TEXT("counted_on", SCHEMA_NULL, "which allocator"),
    KEY_END,
};
static const struct schema_object operations = {"why_operations", "", operations_keys, NULL};

static const struct schema_key kernel_keys[] = {
    KEY_NUMBER("a", 0, NULL, "of the one"),
    KEY_NUMBER("b", 0, NULL, "of the other"),
    KEY_END,
};
static const struct schema_object kernel = {"why_kernel", "", kernel_keys, NULL};

static const struct schema_key sharing_keys[] = {
    KEY_WHOLE("threads", 0, NULL, "that were handed blocks"),
    KEY_WHOLE("blocks", 0, NULL, "handed out"),
    KEY_WHOLE("shared", 0, NULL, "of these, into a cache line of another thread's live block"),
    KEY_END,
};
static const struct schema_object sharing = {"why_sharing", "", sharing_keys, NULL};

static const struct schema_key threads_keys[] = {
    KEY_BOOLEAN("one_thread", 0, "there is only one"),
    KEY_NUMBER("remote_frees_per_op", 0, NULL, "blocks freed by another thread, by operations"),
    KEY_OBJECT("a", SCHEMA_NULL, &sharing, "of the one"),
    KEY_OBJECT("b", SCHEMA_NULL, &sharing, "of the other"),
    KEY_END,
};
static const struct schema_object threads = {"why_threads", "", threads_keys, NULL};

static const char *const rows[] = {"a", "control", "b"};

static const struct schema_key watched_keys[] = {
    KEY_WORD("of", 0, WORDS(rows), "the allocator"),
    KEY_WHOLE("round", 0, NULL, "its number"),
    KEY_NUMBER("cpu_s", 0, "s", "processor time"),
    KEY_NUMBER("figure", 0, NULL, "of the metric"),
    KEY_WHOLE("samples", 0, NULL, "taken"),
    KEY_NUMBER("samples_cost", 0, "1", "of its time"),
    KEY_NUMBER("operations", 0, NULL, "of libhakmem"),
    KEY_MAP("shares", SCHEMA_NUMBER, SCHEMA_NULLS, "1", PARTS, "of the time, by part"),
    KEY_END,
};
static const struct schema_object watched = {"why_watched", "", watched_keys, NULL};

static const struct schema_key why_keys[] = {
    KEY_TEXT("a", 0, "the one allocator"),
    KEY_TEXT("b", 0, "the other"),
    KEY_COMMAND,
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_OBJECT("operations", 0, &operations, "in a run"),
    KEY_OBJECT("waterfall", 0, &waterfall, "the difference, and its parts"),
    KEY_OBJECT("instructions", 0, &instructions, "counted by stepping"),
    KEY_OBJECT("figures", SCHEMA_LIST, &figure, "of the runs"),
    KEY_OBJECT("kernel_for_malloc", 0, &kernel, "in the unit"),
    KEY_OBJECT("threads", 0, &threads, "cache lines shared"),
    KEY_OBJECT("watched", SCHEMA_LIST, &watched, "runs that were sampled"),
    KEY_OBJECT("comparison", 0, &schema_compare, "every run that nobody watched, and the notes"),
    KEY_END,
};
const struct schema_object schema_why = {
    .name = "why", .text = "hakmem-trace why.", .keys = why_keys, .kind = "why"};
