/* SPDX-License-Identifier: MIT */
/* The JSON of `compare`, with `--suite` and `--sweep`: compare_json.c, compare_suite_json.c,
 * compare_sweep_json.c. */
#include "report/compare_model.h"
#include "schema.h"

#define VERDICTS                                                                                   \
    {                                                                                              \
        compare_verdict_names, COMPARE_WORSE + 1                                                   \
    }

static const char *const betters[] = {"higher", "lower"};

static const struct schema_key run_keys[] = {
    KEY_WHOLE("round", 0, NULL, "its number"),
    KEY_WHOLE("position", 0, NULL, "in the round"),
    KEY_WHOLE("padding", 0, "bytes", "of environment, by which the stack was moved"),
    KEY_NUMBER("wall_s", 0, "s", "wall time"),
    KEY_NUMBER("user_s", 0, "s", "processor time outside the kernel"),
    KEY_NUMBER("system_s", 0, "s", "processor time in the kernel"),
    KEY_NUMBER("figure", 0, NULL, "of the metric"),
    KEY_WHOLE("max_rss_kb", 0, "KiB", "of the largest process"),
    KEY_WHOLE("minor_faults", 0, NULL, "page faults without the disk"),
    KEY_WHOLE("major_faults", 0, NULL, "page faults with it"),
    KEY_WHOLE("voluntary_switches", 0, NULL, "of context: it waited"),
    KEY_WHOLE("involuntary_switches", 0, NULL, "of context: another one ran"),
    KEY_NUMBER("resident_kb", 0, "KiB", "what a workload's line says after `then`"),
    KEY_NUMBER("live_kb", 0, "KiB", "the same"),
    KEY_END,
};
const struct schema_object schema_compare_run = {"compare_run", "One run.", run_keys, NULL};

static const struct schema_key summary_keys[] = {
    KEY_NUMBER("mean", 0, NULL, "arithmetic mean"),
    KEY_NUMBER("median", 0, NULL, "median"),
    KEY_NUMBER("stdev", 0, NULL, "standard deviation"),
    KEY_NUMBER("cv", 0, "1", "that by the mean"),
    KEY_NUMBER("min", 0, NULL, "least"),
    KEY_NUMBER("max", 0, NULL, "greatest"),
    KEY_END,
};
static const struct schema_object summary = {"compare_summary", "", summary_keys, NULL};

static const struct schema_key allocator_keys[] = {
    KEY_TEXT("name", 0, "the allocator"),
    KEY_TEXT("library", SCHEMA_NULL, "the file preloaded; null: glibc"),
    KEY_WORD("verdict", 0, VERDICTS, "against the first"),
    KEY_TEXT("failure", SCHEMA_NULL, "why there are no figures"),
    KEY_TEXT("last_output", SCHEMA_NULL, "of the run that failed"),
    KEY_OBJECT("compared", 0, &summary, "wall seconds, or the figure"),
    KEY_NUMBER("ratio", 0, NULL, "times as good as the first: median of the pairs"),
    KEY_INTERVAL(NULL),
    KEY_NUMBER("of_floor", 0, "1", "share of the floor"),
    KEY_NUMBER("of_floor_low", 0, "1", "lower end of its interval"),
    KEY_NUMBER("of_floor_high", 0, "1", "upper end of it"),
    KEY_NUMBER("cpu_s", 0, "s", "median"),
    KEY_NUMBER("max_rss_kb", 0, "KiB", "median"),
    KEY_NUMBER("memory_ratio", 0, NULL, "of max RSS to the first's, of the pairs"),
    KEY_NUMBER("resident_kb", 0, "KiB", "median"),
    KEY_NUMBER("live_kb", 0, "KiB", "median"),
    KEY_NUMBER("faults", 0, NULL, "median"),
    KEY_OBJECT("runs", SCHEMA_LIST, &schema_compare_run, "every one"),
    KEY_END,
};
static const struct schema_object allocator = {"compare_allocator", "", allocator_keys, NULL};

static const struct schema_key compare_keys[] = {
    KEY_COMMAND,
    KEY_TEXT("metric", SCHEMA_NULL, "the regular expression; null: wall time"),
    KEY_WORD("better", 0, WORDS(betters), "of the metric"),
    KEY_WHOLE("rounds", 0, NULL, "wanted"),
    KEY_WHOLE("rounds_done", 0, NULL, "finished by every allocator"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_WHOLE("seed", 0, NULL, "as given, or drawn"),
    KEY_WHOLE("core", SCHEMA_NULL, NULL, "as given; null: any"),
    KEY_NUMBER("elapsed_s", 0, "s", "of the whole"),
    KEY_NUMBER("others_cores", 0, NULL, "cores that others took meanwhile"),
    KEY_NUMBER("stolen_cores", 0, NULL, "cores that the hypervisor took"),
    KEY_TEXT("floor", SCHEMA_NULL, "the name of the floor's row; null without `--floor`"),
    KEY_OBJECT("allocators", SCHEMA_LIST, &allocator,
               "the first, the control, the others in their order, the floor"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_compare = {
    .name = "compare", .text = "hakmem-trace compare.", .keys = compare_keys, .kind = "compare"};

static const struct schema_key mean_keys[] = {
    KEY_NUMBER("mean", 0, NULL, "geometric mean of the ratios"),
    KEY_INTERVAL(NULL),
    KEY_WHOLE("workloads", 0, NULL, "how many it is of"),
    KEY_END,
};
static const struct schema_object mean = {"suite_mean", "", mean_keys, NULL};

static const struct schema_key means_keys[] = {
    KEY_TEXT("name", 0, "the allocator"),
    KEY_TEXT("library", SCHEMA_NULL, "the file preloaded; null: glibc"),
    KEY_BOOLEAN("control", 0, "it is the control"),
    KEY_OBJECT("speed", 0, &mean, "times as good as the first"),
    KEY_OBJECT("memory", 0, &mean, "of max RSS to the first's"),
    KEY_OBJECT("of_floor", 0, &mean, "share of the floor"),
    KEY_END,
};
static const struct schema_object means = {"suite_means", "", means_keys, NULL};

static const struct schema_key workload_keys[] = {
    KEY_TEXT("name", 0, "the workload"),
    KEY_TEXT("skipped", SCHEMA_NULL, "why"),
    KEY_TEXT("fastest", SCHEMA_NULL, "name of the allocator"),
    KEY_TEXT("leanest", SCHEMA_NULL, "name of the allocator"),
    KEY_OBJECT("comparison", SCHEMA_NULL, &schema_compare, "with every run; null: it did not run"),
    KEY_END,
};
static const struct schema_object workload = {"suite_workload", "", workload_keys, NULL};

static const struct schema_key suite_keys[] = {
    KEY_TEXT("file", 0, "the list of the workloads"),
    KEY_TEXT("metric", SCHEMA_NULL, "as of `compare`"),
    KEY_WORD("better", 0, WORDS(betters), "of the metric"),
    KEY_WHOLE("rounds", 0, NULL, "wanted"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_WHOLE("seed", 0, NULL, "as given, or drawn"),
    KEY_WHOLE("core", SCHEMA_NULL, NULL, "as given; null: any"),
    KEY_NUMBER("elapsed_s", 0, "s", "of the whole"),
    KEY_OBJECT("geometric_means", SCHEMA_LIST, &means, "in the order of `allocators`"),
    KEY_OBJECT("workloads", SCHEMA_LIST, &workload, "of the list"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_suite = {.name = "compare_suite",
                                           .text = "hakmem-trace compare --suite.",
                                           .keys = suite_keys,
                                           .kind = "compare suite"};

static const char *const costs[] = {"ns per operation", "wall s", "figure"};

static const struct schema_key point_keys[] = {
    KEY_WHOLE("value", 0, NULL, "of what grows"),
    KEY_NUMBERS("costs", NULL, "of each allocator, in the order of `allocators`; null: none"),
    KEY_OBJECT("comparison", SCHEMA_NULL, &schema_compare, "null: its turn did not come"),
    KEY_END,
};
static const struct schema_object point = {"sweep_point", "", point_keys, NULL};

static const struct schema_key sweep_keys[] = {
    KEY_TEXT("command", SCHEMA_LIST, "with its {NAME}"),
    KEY_TEXT("name", 0, "what grows"),
    KEY_WORD("cost", 0, WORDS(costs), "what costs are in"),
    KEY_WHOLE("rounds", 0, NULL, "wanted"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_WHOLE("seed", 0, NULL, "as given, or drawn"),
    KEY_WHOLE("core", SCHEMA_NULL, NULL, "as given; null: any"),
    KEY_NUMBER("elapsed_s", 0, "s", "of the whole"),
    KEY_OBJECT("points", SCHEMA_LIST, &point, "at each value"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_sweep = {.name = "compare_sweep",
                                           .text = "hakmem-trace compare --sweep.",
                                           .keys = sweep_keys,
                                           .kind = "compare sweep"};
