/* SPDX-License-Identifier: MIT */
/* The JSON of `run` and `attach`: json.c, slow_path_json.c. */
#include "counter_layout.h"
#include "report/model.h"
#include "report/step_parts.h"
#include "schema.h"

#define GROUPS                                                                                     \
    {                                                                                              \
        report_group_names, REPORT_KERNEL + 1                                                      \
    }
#define PARTS                                                                                      \
    {                                                                                              \
        step_part_names, STEP_PARTS                                                                \
    }

/* Those of the header, which are no counters of their own, and every one of the layout. */
static const char *const counter_names[] = {"header_writes",   "lut_hits",     "metadata_lookups",
                                            "header_reads",    "mallocs",      "frees",
                                            "cache_pops",      "cache_pushes",
#define NAME(name, text) #name,
                                            HAK_COUNTERS(NAME)
#undef NAME
};

static const char *const factor_names[] = {"header",   "cache",    "metadata",
                                           "classify", "freelist", "check"};

static const struct schema_key malloc_keys[] = {
    KEY_NUMBER("share", 0, "1", "of the processor time"),
    KEY_INTERVAL("1"),
    KEY_NUMBER("ns_per_op", 0, "ns", "of an operation"),
    KEY_END,
};
static const struct schema_object malloc_object = {"run_malloc", "", malloc_keys, NULL};

static const struct schema_key sampling_keys[] = {
    KEY_WHOLE("frequency", 0, "Hz", "samples per second of processor time"),
    KEY_BOOLEAN("processors", 0, "whole processors were sampled"),
    KEY_BOOLEAN("aggregated", 0, "samples were added up in the kernel"),
    KEY_BOOLEAN("kernel", 0, "the kernel was sampled, too"),
    KEY_BOOLEAN("kernel_for_malloc", 0, "its work for malloc was told apart"),
    KEY_WHOLE("samples", 0, NULL, "taken"),
    KEY_WHOLE("fault_samples", 0, NULL, "of page faults"),
    KEY_WHOLE("lost", 0, NULL, "that found no room"),
    KEY_WHOLE("throttled", 0, NULL, "times that the kernel held samples back"),
    KEY_END,
};
static const struct schema_object sampling_object = {"run_sampling", "", sampling_keys, NULL};

static const struct schema_key source_keys[] = {
    KEY_TEXT("name", 0, "a factor, a step, a part of the kernel's work, `application`"),
    KEY_TEXT("other", SCHEMA_NULL, "the allocator that it is of, where that is not the report's"),
    KEY_WORD("group", 0, GROUPS, "what the source belongs to"),
    KEY_WHOLE("samples", 0, NULL, "of it"),
    KEY_NUMBER("share", 0, "1", "of the processor time"),
    KEY_INTERVAL("1"),
    KEY_NUMBER("ns_per_op", 0, "ns", "of an operation"),
    KEY_END,
};
static const struct schema_object source_object = {"run_source", "", source_keys, NULL};

static const struct schema_key step_keys[] = {
    KEY_WORD("name", 0, PARTS, "the application, a step of a malloc, the kernel by what led there"),
    KEY_WHOLE("samples", 0, NULL, "of it"),
    KEY_NUMBER("share", 0, "1", "of the processor time"),
    KEY_END,
};
static const struct schema_object step_object = {"run_step", "", step_keys, NULL};

static const struct schema_key memory_keys[] = {
    KEY_WHOLE("mapped", 0, "bytes", "readable and writable: arena, huge blocks, metadata"),
    KEY_WHOLE("live", 0, "bytes", "in blocks handed out and not taken back"),
    KEY_WHOLE("retained", 0, "bytes", "in free spans not yet given back to the kernel"),
    KEY_WHOLE("metadata", 0, "bytes", "the allocator's own"),
    KEY_END,
};
static const struct schema_object memory_object = {"run_memory", "", memory_keys, NULL};

static const struct schema_key resident_kind_keys[] = {
    KEY_TEXT("name", 0, "kind of memory"),
    KEY_WHOLE("resident", 0, "bytes", "resident of it"),
    KEY_WHOLE("live", SCHEMA_NULL, "bytes",
              "of it in blocks handed out; null where there are none"),
    KEY_END,
};
static const struct schema_object resident_kind = {"run_resident_kind", "", resident_kind_keys,
                                                   NULL};

static const struct schema_key resident_keys[] = {
    KEY_WHOLE("pid", 0, NULL, "the process with most"),
    KEY_NUMBER("at_s", 0, "s", "after the start"),
    KEY_WHOLE("looks", 0, NULL, "times that memory was looked at"),
    KEY_WHOLE("total", 0, "bytes", "resident in that moment"),
    KEY_OBJECT("kinds", SCHEMA_LIST, &resident_kind, "what it was"),
    KEY_END,
};
static const struct schema_object resident_object = {"run_resident", "", resident_keys, NULL};

static const struct schema_key class_keys[] = {
    KEY_TEXT("name", 0, "bytes of a block, `large` or `huge`"),
    KEY_WHOLE("bytes", SCHEMA_NULL, "bytes", "of a block; null for `large` and `huge`"),
    KEY_WHOLE("mallocs", 0, NULL, "blocks handed out"),
    KEY_WHOLE("frees", 0, NULL, "blocks taken back"),
    KEY_NUMBER("share", 0, "1", "of all blocks handed out"),
    KEY_WHOLE("resident", SCHEMA_NULL, "bytes", "of its slabs, when `resident` was seen"),
    KEY_WHOLE("live", SCHEMA_NULL, "bytes", "of these in blocks handed out"),
    KEY_END,
};
static const struct schema_object class_object = {"run_size_class", "", class_keys, NULL};

static const char *const latency_units[] = {"ns", "blocks", "bytes"};
static const char *const callers[] = {"arena", "library", "program"};

static const struct schema_key latency_keys[] = {
    KEY_TEXT("name", 0, "the event, or the system call"),
    KEY_WORD("of", SCHEMA_MISSING, WORDS(callers), "of system calls: who made them"),
    KEY_WORD("unit", SCHEMA_NULL, WORDS(latency_units), "of what was measured; null: nothing was"),
    KEY_WHOLE("events", 0, NULL, "seen"),
    KEY_WHOLE("total", SCHEMA_NULL, NULL, "in the unit"),
    KEY_WHOLE("max", SCHEMA_NULL, NULL, "in the unit"),
    KEY_NUMBER("median", 0, NULL, "in the unit"),
    KEY_NUMBER("p99", 0, NULL, "in the unit"),
    KEY_WHOLE("buckets", SCHEMA_LIST, NULL, "events from 2^b to 2^(b+1) of the unit"),
    KEY_WHOLE("bytes", SCHEMA_NULL, "bytes", "given back, mapped ..."),
    KEY_BOOLEAN("cut_short", 0, "watched in part: for as long as that stayed within the budget"),
    KEY_WHOLE("hits", 0, NULL, "times that watching cost something"),
    KEY_NUMBER("cost_ns", 0, "ns", "of one"),
    KEY_NUMBER("cost", 0, "1", "of all, of the processor time; of system calls at the first"),
    KEY_END,
};
static const struct schema_object latency_object = {"run_latency", "", latency_keys, NULL};

static const struct schema_key class_latency_keys[] = {
    KEY_TEXT("kind", 0, "the event"),
    KEY_WHOLE("class", 0, NULL, "number of the size class"),
    KEY_WHOLE("bytes", SCHEMA_NULL, "bytes", "of a block"),
    KEY_WHOLE("events", 0, NULL, "seen"),
    KEY_WHOLE("total", 0, "ns", "of all"),
    KEY_WHOLE("max", 0, "ns", "of the longest"),
    KEY_END,
};
static const struct schema_object class_latency = {"run_class_latency", "", class_latency_keys,
                                                   NULL};

static const struct schema_key size_keys[] = {
    KEY_WHOLE("bytes", 0, "bytes", "asked for"),
    KEY_WHOLE("count", 0, NULL, "calls"),
    KEY_END,
};
static const struct schema_object size_object = {"run_size", "", size_keys, NULL};

static const struct schema_key slow_path_keys[] = {
    KEY_NUMBER("seconds_watched", 0, "s", "how long"),
    KEY_WHOLE("lost", 0, NULL, "events lost"),
    KEY_MAP("lost_by", SCHEMA_WHOLE, 0, NULL, {0}, "by what they were"),
    KEY_MAP("how", SCHEMA_TEXT, 0, NULL, {0}, "by which instruments what was watched"),
    KEY_OBJECT("events", SCHEMA_LIST, &latency_object,
               "slow paths and what the kernel does for them"),
    KEY_OBJECT("by_class", SCHEMA_LIST, &class_latency, "the same by size class"),
    KEY_OBJECT("system_calls", SCHEMA_LIST, &latency_object, "about memory"),
    KEY_OBJECT("sizes", SCHEMA_LIST | SCHEMA_NULL, &size_object, "with `--every-call`"),
    KEY_END,
};
static const struct schema_object slow_path_object = {"run_slow_path", "", slow_path_keys, NULL};

static const struct schema_key overhead_keys[] = {
    KEY_NUMBER("total", 0, "1", "of the processor time: what watching cost"),
    KEY_NUMBER("sampling", 0, "1", "of the processor time"),
    KEY_NUMBER("slow_path", 0, "1", "of the processor time"),
    KEY_NUMBER("tool", 0, "1", "of the processor time: hakmem-trace's own work"),
    KEY_NUMBER("looks", 0, "1", "of that, looks at memory"),
    KEY_NUMBER("budget", 0, "1", "as `--budget`"),
    KEY_NUMBER("sample_ns", 0, "ns", "of a sample"),
    KEY_NUMBER("fault_ns", 0, "ns", "of a sampled page fault"),
    KEY_NUMBER("follow_ns", 0, "ns", "of any page fault, aggregated in the kernel"),
    KEY_NUMBER("switch_ns", 0, "ns", "of a context switch"),
    KEY_WHOLE("context_switches", 0, NULL, "seen"),
    KEY_END,
};
static const struct schema_object overhead_object = {"run_overhead", "", overhead_keys, NULL};

static const struct schema_key moment_keys[] = {
    KEY_NUMBER("at_s", 0, "s", "after the start"),
    KEY_WHOLE("resident", SCHEMA_NULL, "bytes", "of all processes"),
    KEY_WHOLE("live", SCHEMA_NULL, "bytes", "in blocks handed out and not taken back"),
    KEY_WHOLE("retained", SCHEMA_NULL, "bytes", "in free spans not yet given back to the kernel"),
    KEY_END,
};
static const struct schema_object moment_object = {"run_moment", "", moment_keys, NULL};

static const struct schema_key attached_keys[] = {
    KEY_WHOLE("pid", 0, NULL, "whose figures they are"),
    KEY_BOOLEAN("has_ended", 0, "the process ended meanwhile"),
    KEY_NUMBER("attach_ms", 0, "ms", "that attaching took"),
    KEY_NUMBER("detach_ms", 0, "ms", "that detaching took"),
    KEY_END,
};
static const struct schema_object attached_object = {"attached", "", attached_keys, NULL};

#define RUN_KEYS                                                                                   \
    KEY_COMMAND,                                                                                   \
        KEY_WHOLE("exit_code", SCHEMA_NULL, NULL,                                                  \
                  "as reported: 128 + N for signal N; null of `attach`"),                          \
        KEY_WHOLE("signal", SCHEMA_NULL, NULL, "that ended it"),                                   \
        KEY_TEXT("allocator", SCHEMA_NULL, "as named by `--with`"),                                \
        KEY_TEXT("library", SCHEMA_NULL,                                                           \
                 "the file preloaded, null for glibc; of `attach` where it can be read"),          \
        KEY_TEXT("brought", SCHEMA_NULL,                                                           \
                 "the allocator that the program was linked with, where none was preloaded"),      \
        KEY_TEXT("event", SCHEMA_NULL, "the event really used; null: nothing was sampled"),        \
        KEY_NUMBER("wall_s", 0, "s", "wall time"), KEY_NUMBER("cpu_s", 0, "s", "processor time"),  \
        KEY_NUMBER("user_s", 0, "s", "of that outside the kernel"),                                \
        KEY_NUMBER("system_s", 0, "s", "of that in the kernel"),                                   \
        KEY_WHOLE("max_rss_kb", 0, "KiB", "of the largest process"),                               \
        KEY_WHOLE("operations", SCHEMA_NULL, NULL,                                                 \
                  "calls of public entry points that had a block to give, take or look at"),       \
        KEY_NUMBER("operations_per_cpu_s", 0, "1/s", "by processor time"),                         \
        KEY_WHOLE("bytes", SCHEMA_NULL, "bytes",                                                   \
                  "handed out; slab blocks by the size of their class"),                           \
        KEY_WHOLE("programs", SCHEMA_NULL, NULL, "program images that counted"),                   \
        KEY_OBJECT("malloc", 0, &malloc_object, "all sources that are malloc's"),                  \
        KEY_OBJECT("sampling", SCHEMA_NULL, &sampling_object, "how samples were taken"),           \
        KEY_OBJECT("sources", SCHEMA_LIST, &source_object, "time by source"),                      \
        KEY_OBJECT("steps", SCHEMA_LIST, &step_object, "the same samples by step, as in `why`"),   \
        KEY_MAP("counters", SCHEMA_WHOLE, SCHEMA_NULL, NULL, WORDS(counter_names),                 \
                "libhakmem's counters"),                                                           \
        KEY_MAP("counters_per_op", SCHEMA_NUMBER, SCHEMA_NULL | SCHEMA_NULLS, NULL,                \
                WORDS(counter_names), "the same by operations"),                                   \
        KEY_OBJECT("memory", SCHEMA_NULL, &memory_object,                                          \
                   "at its end, of the process that had most mapped"),                             \
        KEY_OBJECT("resident", SCHEMA_NULL, &resident_object, "resident memory at its most"),      \
        KEY_OBJECT("memory_in_time", SCHEMA_LIST, &moment_object, "memory, moment by moment"),     \
        KEY_MAP("levels", SCHEMA_TEXT, SCHEMA_NULL, NULL, WORDS(factor_names),                     \
                "the level each factor was built with"),                                           \
        KEY_OBJECT("size_classes", SCHEMA_LIST, &class_object, "those that were used"),            \
        KEY_OBJECT("slow_path", SCHEMA_NULL, &slow_path_object, "what eBPF saw"),                  \
        KEY_OBJECT("heap", SCHEMA_NULL, &schema_heap, "with `--heap`"),                            \
        KEY_OBJECT("overhead", SCHEMA_NULL, &overhead_object, "what watching cost"), KEY_NOTES

static const struct schema_key run_keys[] = {RUN_KEYS, KEY_END};
const struct schema_object schema_run = {
    .name = "run", .text = "hakmem-trace run.", .keys = run_keys, .kind = "run"};

static const struct schema_key attach_keys[] = {
    RUN_KEYS, KEY_OBJECT("attached", 0, &attached_object, "the process"), KEY_END};
const struct schema_object schema_attach = {.name = "attach",
                                            .text = "hakmem-trace attach: as run, over the time of "
                                                    "watching.",
                                            .keys = attach_keys,
                                            .kind = "attach"};
