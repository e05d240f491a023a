/* SPDX-License-Identifier: MIT */
/* The JSON of `ablate`: ablate_json.c, ledger_json.c. */
#include "report/ablate_model.h"
#include "report/ledger_model.h"
#include "schema.h"

#define DESIGNS                                                                                    \
    {                                                                                              \
        ablate_design_names, FACTORIAL_ONE + 1                                                     \
    }
#define PLACES                                                                                     \
    {                                                                                              \
        ablate_place_names, FACTORIAL_FROM_FAR + 1                                                 \
    }
#define VERDICTS                                                                                   \
    {                                                                                              \
        ablate_verdict_names, ABLATE_SAVES + 1                                                     \
    }
#define LEDGER_WORDS                                                                               \
    {                                                                                              \
        ledger_verdict_names, LEDGER_VERDICTS                                                      \
    }
#define LEDGER_SOURCES                                                                             \
    {                                                                                              \
        ledger_source_names, LEDGER_BY_MODEL + 1                                                   \
    }

static const char *const betters[] = {"higher", "lower"};
static const char *const ends[] = {"modern", "far"};

static const struct schema_key factor_keys[] = {
    KEY_TEXT("name", 0, "the factor"),
    KEY_TEXT("modern", 0, "its level at the modern end"),
    KEY_TEXT("far", 0, "its level at the far end"),
    KEY_END,
};
static const struct schema_object factor = {"ablate_factor", "", factor_keys, NULL};

#define ESTIMATE_KEYS                                                                              \
    KEY_NUMBER("ratio", 0, NULL, "of costs"), KEY_NUMBER("ci_low", 0, NULL, "of the interval"),    \
        KEY_NUMBER("ci_high", 0, NULL, "of the interval")

static const struct schema_key estimate_keys[] = {ESTIMATE_KEYS, KEY_END};
static const struct schema_object estimate = {"ablate_estimate", "", estimate_keys, NULL};

static const struct schema_key effect_keys[] = {
    KEY_TEXT("factors", SCHEMA_LIST, "one or two"),
    KEY_WORD("others", 0, PLACES, "the other factors' levels"),
    ESTIMATE_KEYS,
    KEY_NUMBER("ns", 0, "ns", "of an operation; null for two factors"),
    KEY_WORD("verdict", 0, VERDICTS, "what can be said"),
    KEY_END,
};
static const struct schema_object effect = {"ablate_effect", "", effect_keys, NULL};

#define ROW_KEYS                                                                                   \
    KEY_TEXT("name", 0, "as `--with` takes it"), KEY_TEXT("library", SCHEMA_NULL, "the file"),     \
        KEY_TEXT("failure", SCHEMA_NULL, "why there are no figures"),                              \
        KEY_TEXT("last_output", SCHEMA_NULL, "of the run that failed"),                            \
        KEY_OBJECT("runs", SCHEMA_LIST, &schema_compare_run, "every one")

static const struct schema_key control_keys[] = {
    ROW_KEYS, KEY_WORD("of", 0, WORDS(ends), "the end that ran again"), ESTIMATE_KEYS, KEY_END};
static const struct schema_object control = {"ablate_control", "", control_keys, NULL};

static const struct schema_key glibc_keys[] = {
    ROW_KEYS,
    KEY_OBJECT("modern_by", 0, &estimate, "the modern end's cost by glibc's"),
    KEY_OBJECT("far_by", 0, &estimate, "the far end's cost by glibc's"),
    KEY_END,
};
static const struct schema_object glibc = {"ablate_glibc", "", glibc_keys, NULL};

static const struct schema_key cell_keys[] = {
    ROW_KEYS,
    KEY_MAP("levels", SCHEMA_TEXT, 0, NULL, {0}, "by factor"),
    KEY_BOOLEAN("in_design", 0, "false: an end that runs for the gap alone"),
    KEY_END,
};
static const struct schema_object cell = {"ablate_cell", "", cell_keys, NULL};

static const struct schema_key percent_keys[] = {
    KEY_NUMBER("percent", 0, "%", "of an operation's cost"),
    KEY_NUMBERS("percent_range", "%", "low and high"),
    KEY_NUMBER("ns", 0, "ns", "of an operation"),
    KEY_NUMBERS("ns_range", "ns", "low and high"),
    KEY_END,
};
static const struct schema_object percent = {"ledger_estimate", "", percent_keys, NULL};

static const struct schema_key counts_keys[] = {
    KEY_NUMBER("instructions", 0, NULL, "of an operation"),
    KEY_NUMBER("loads", 0, NULL, "of an operation"),
    KEY_NUMBER("stores", 0, NULL, "of an operation"),
    KEY_NUMBER("branches", 0, NULL, "of an operation"),
    KEY_END,
};
static const struct schema_object counts = {"ledger_counts", "", counts_keys, NULL};

static const struct schema_key row_keys[] = {
    KEY_TEXT("factor", 0, "its name"),
    KEY_TEXT("modern", 0, "its level at the modern end"),
    KEY_TEXT("far", 0, "its level at the far end"),
    KEY_NUMBERS("expected", "%", "by the document: low and high"),
    KEY_OBJECT("sampled", 0, &percent, "by samples"),
    KEY_OBJECT("counted", 0, &counts, "by stepping"),
    KEY_OBJECT("ablated", 0, &percent, "by the experiment"),
    KEY_WORD("verdict", 0, LEDGER_WORDS, "of the expectation"),
    KEY_TEXT("reason", SCHEMA_NULL, "for it"),
    KEY_END,
};
static const struct schema_object row = {"ledger_row", "", row_keys, NULL};

static const struct schema_key indicator_keys[] = {
    KEY_WORD("by", 0, LEDGER_SOURCES, "who counted"),
    KEY_NUMBER("cycles", 0, NULL, "of a thousand operations"),
    KEY_NUMBER("instructions", 0, NULL, "of a thousand operations"),
    KEY_NUMBER("branches", 0, NULL, "of a thousand operations"),
    KEY_NUMBER("branch misses", 0, NULL, "of a thousand operations"),
    KEY_NUMBER("cache misses", 0, NULL, "of a thousand operations"),
    KEY_NUMBER("dTLB misses", 0, NULL, "of a thousand operations"),
    KEY_END,
};
static const struct schema_object indicators = {"ledger_indicators", "", indicator_keys, NULL};

static const struct schema_key end_keys[] = {
    KEY_OBJECT("per_1000_operations", 0, &indicators, "what the processor did"),
    KEY_NUMBER("ns_per_op", 0, "ns", "of an operation"),
    KEY_NUMBER("malloc_percent", 0, "%", "of the processor time"),
    KEY_NUMBERS("malloc_percent_range", "%", "low and high"),
    KEY_WHOLE("samples", 0, NULL, "taken"),
    KEY_WHOLE("calls", 0, NULL, "counted"),
    KEY_OBJECT("counted", 0, &counts, "by stepping"),
    KEY_END,
};
static const struct schema_object end = {"ledger_end", "", end_keys, NULL};

static const struct schema_key gate_keys[] = {
    KEY_TEXT("name", 0, "of the gate"),
    KEY_BOOLEAN("open", SCHEMA_NULL, "null: not known"),
    KEY_TEXT("evidence", 0, "for it"),
    KEY_END,
};
static const struct schema_object gate = {"ledger_gate", "", gate_keys, NULL};

static const struct schema_key ledger_keys[] = {
    KEY_OBJECT("rows", SCHEMA_LIST, &row, "a factor each"),
    KEY_OBJECT("modern", 0, &end, "the modern end"),
    KEY_OBJECT("far", 0, &end, "the far end"),
    KEY_OBJECT("gates", SCHEMA_LIST, &gate, "to the next questions"),
    KEY_TEXT("verdict", 0, "in a sentence"),
    KEY_END,
};
static const struct schema_object ledger = {"ledger", "", ledger_keys, NULL};

static const struct schema_key ablate_keys[] = {
    KEY_WORD("design", 0, DESIGNS, "of the experiment"),
    KEY_OBJECT("factors", SCHEMA_LIST, &factor, "with the two levels of each"),
    KEY_WHOLE("rounds_kept", 0, NULL, "complete ones, from FILE of `--save`"),
    KEY_WHOLE("rounds_needed", 0, NULL, "for intervals"),
    KEY_NUMBER("level", 0, "1", "of each interval"),
    KEY_OBJECT("effects", SCHEMA_LIST, &effect, "of the factors"),
    KEY_OBJECT("gap", 0, &estimate, "of the far end by the modern end"),
    KEY_NUMBER("explained", 0, "1", "of the gap, by the effects"),
    KEY_NUMBER("threshold", 0, NULL, "ratio below which nothing can be seen here"),
    KEY_OBJECT("controls", SCHEMA_LIST, &control, "both ends again"),
    KEY_OBJECT("glibc", 0, &glibc, "the reference"),
    KEY_OBJECT("ledger", SCHEMA_NULL, &ledger, "null: none was made"),
    KEY_OBJECT("cells", SCHEMA_LIST, &cell, "allocators that ran"),
    KEY_COMMAND,
    KEY_TEXT("metric", SCHEMA_NULL, "the regular expression; null: wall time"),
    KEY_WORD("better", 0, WORDS(betters), "of the metric"),
    KEY_WHOLE("rounds", 0, NULL, "wanted"),
    KEY_WHOLE("rounds_done", 0, NULL, "finished"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_WHOLE("seed", 0, NULL, "as given, or drawn"),
    KEY_WHOLE("core", SCHEMA_NULL, NULL, "as given; null: any"),
    KEY_NUMBER("elapsed_s", 0, "s", "of this start, where runs were kept from an earlier one"),
    KEY_NUMBER("others_cores", 0, NULL, "cores that others took meanwhile"),
    KEY_NUMBER("stolen_cores", 0, NULL, "cores that the hypervisor took"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_ablate = {
    .name = "ablate", .text = "hakmem-trace ablate.", .keys = ablate_keys, .kind = "ablate"};
