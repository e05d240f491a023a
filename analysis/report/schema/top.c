/* SPDX-License-Identifier: MIT */
/* The JSON of `top`: top_json.c. */
#include "report/model.h"
#include "schema.h"

#define GROUPS                                                                                     \
    {                                                                                              \
        report_group_names, REPORT_KERNEL + 1                                                      \
    }

static const struct schema_key operation_keys[] = {
    KEY_NUMBER("per_s", 0, "1/s", "in the interval"),
    KEY_WHOLE("count", 0, NULL, "in the interval"),
    KEY_WHOLE("all", 0, NULL, "since the program began"),
    KEY_END,
};
static const struct schema_object operations = {"top_operations", "", operation_keys, NULL};

static const struct schema_key memory_keys[] = {
    KEY_WHOLE("live", 0, "bytes", "in blocks handed out and not taken back"),
    KEY_WHOLE("retained", 0, "bytes", "in free spans not yet given back to the kernel"),
    KEY_WHOLE("mapped", 0, "bytes", "readable and writable"),
    KEY_WHOLE("metadata", 0, "bytes", "the allocator's own"),
    KEY_END,
};
static const struct schema_object memory = {"top_memory", "", memory_keys, NULL};

static const struct schema_key class_keys[] = {
    KEY_TEXT("name", 0, "bytes of a block, `large` or `huge`"),
    KEY_WHOLE("bytes", SCHEMA_NULL, "bytes", "of a block; null: of no one size"),
    KEY_NUMBER("mallocs_per_s", 0, "1/s", "in the interval"),
    KEY_NUMBER("frees_per_s", 0, "1/s", "in the interval"),
    KEY_WHOLE("blocks", 0, NULL, "handed out and not taken back"),
    KEY_NUMBER("live", 0, "bytes", "in these"),
    KEY_END,
};
static const struct schema_object class_object = {"top_size_class", "", class_keys, NULL};

static const struct schema_key sampling_keys[] = {
    KEY_TEXT("event", 0, "the event really used"),
    KEY_WHOLE("hz", 0, "Hz", "samples per second of processor time"),
    KEY_BOOLEAN("kernel", 0, "the kernel is sampled, too"),
    KEY_WHOLE("samples", 0, NULL, "in the window"),
    KEY_NUMBER("window_s", 0, "s", "the time that shares are of"),
    KEY_NUMBER("malloc_share", 0, "1", "of the processor time"),
    KEY_END,
};
static const struct schema_object sampling = {"top_sampling", "", sampling_keys, NULL};

static const struct schema_key source_keys[] = {
    KEY_TEXT("name", 0, "as of `run`"),
    KEY_WORD("group", 0, GROUPS, "what the source belongs to"),
    KEY_NUMBER("share", 0, "1", "of the processor time in the window"),
    KEY_END,
};
static const struct schema_object source = {"top_source", "", source_keys, NULL};

static const struct schema_key event_keys[] = {
    KEY_TEXT("name", 0, "the slow path"),
    KEY_TEXT("unit", SCHEMA_NULL, "of `mean` and `p99`"),
    KEY_NUMBER("per_s", 0, "1/s", "in the interval"),
    KEY_NUMBER("mean", 0, NULL, "in the unit"),
    KEY_NUMBER("p99", 0, NULL, "in the unit"),
    KEY_BOOLEAN("past", 0, "these two are of all that was seen before its probes were let go"),
    KEY_END,
};
static const struct schema_object event = {"top_slow_path", "", event_keys, NULL};

static const struct schema_key thread_keys[] = {
    KEY_WHOLE("tid", 0, NULL, "its number"),
    KEY_TEXT("name", 0, "its name"),
    KEY_NUMBER("cores", 0, NULL, "processor time by time"),
    KEY_END,
};
static const struct schema_object thread = {"top_thread", "", thread_keys, NULL};

static const struct schema_key top_keys[] = {
    KEY_WHOLE("pid", 0, NULL, "whose figures they are"),
    KEY_TEXT("program", 0, "its executable"),
    KEY_TEXT("allocator", 0, "its malloc"),
    KEY_WHOLE("interval", 0, NULL, "its number, from 1"),
    KEY_NUMBER("at_s", 0, "s", "its end, after watching began"),
    KEY_NUMBER("seconds", 0, "s", "its length"),
    KEY_NUMBER("cores", 0, NULL, "processor time by time"),
    KEY_WHOLE("resident", 0, "bytes", "of the process"),
    KEY_NUMBER("minor_faults_per_s", 0, "1/s", "in the interval"),
    KEY_NUMBER("major_faults_per_s", 0, "1/s", "in the interval"),
    KEY_OBJECT("operations", SCHEMA_NULL, &operations, "of libhakmem alone"),
    KEY_OBJECT("memory", SCHEMA_NULL, &memory, "of libhakmem alone"),
    KEY_OBJECT("size_classes", SCHEMA_LIST, &class_object, "those with blocks, the hottest first"),
    KEY_OBJECT("sampling", SCHEMA_NULL, &sampling, "null: none"),
    KEY_OBJECT("sources", SCHEMA_LIST, &source, "time by source"),
    KEY_OBJECT("slow_path", SCHEMA_LIST, &event, "slow paths"),
    KEY_WHOLE("thread_count", 0, NULL, "threads"),
    KEY_OBJECT("threads", SCHEMA_LIST, &thread, "the busiest 16 of the first 256"),
    KEY_NUMBER("cost", 0, "1", "of the process's processor time, by watching it"),
    KEY_NUMBER("own_cores", 0, NULL, "processor time of top by time"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_top = {.name = "top",
                                         .text = "hakmem-trace top PID: one object a line for each "
                                                 "interval.",
                                         .keys = top_keys,
                                         .kind = "top"};

static const struct schema_key process_keys[] = {
    KEY_WHOLE("pid", 0, NULL, "its number"),
    KEY_TEXT("program", 0, "its executable"),
    KEY_TEXT("allocator", 0, "its malloc"),
    KEY_NUMBER("cores", 0, NULL, "processor time by time"),
    KEY_WHOLE("resident", 0, "bytes", "of it"),
    KEY_END,
};
static const struct schema_object process = {"top_process", "", process_keys, NULL};

static const struct schema_key list_keys[] = {
    KEY_OBJECT("processes", SCHEMA_LIST, &process, "that could be watched"),
    KEY_WHOLE("hidden", 0, NULL, "how many may not be looked into"),
    KEY_END,
};
const struct schema_object schema_top_list = {.name = "top_processes",
                                              .text = "hakmem-trace top without PID.",
                                              .keys = list_keys,
                                              .kind = "top processes"};
