/* SPDX-License-Identifier: MIT */
/* The JSON of `health` and `doctor`: health_json.c, doctor_json.c. */
#include "report/doctor_model.h"
#include "report/health_model.h"
#include "schema.h"

#define VERDICTS                                                                                   \
    {                                                                                              \
        health_verdict_names, HEALTH_FAIL + 1                                                      \
    }
#define STATES                                                                                     \
    {                                                                                              \
        doctor_state_names, DOCTOR_UNSAFE + 1                                                      \
    }

static const struct schema_key counter_keys[] = {
    KEY_WHOLE("programs", 0, NULL, "that counted"),
    KEY_WHOLE("unreadable", 0, NULL, "files of counters"),
    KEY_WHOLE("operations", 0, NULL, "of all rounds together"),
    KEY_WHOLE("mallocs", 0, NULL, "blocks handed out"),
    KEY_WHOLE("frees", 0, NULL, "blocks taken back"),
    KEY_WHOLE("refused", 0, NULL, "requests"),
    KEY_WHOLE("live", 0, "bytes", "at the end, of the program that had most mapped"),
    KEY_END,
};
static const struct schema_object counters = {"health_counters", "", counter_keys, NULL};

static const struct schema_key profile_keys[] = {
    KEY_TEXT("name", 0, "of the workload"),
    KEY_WORD("verdict", 0, VERDICTS, "of it"),
    KEY_TEXT("reasons", SCHEMA_LIST, "for it"),
    KEY_TEXT("checksum", SCHEMA_NULL, "under glibc"),
    KEY_WHOLE("operations", 0, NULL, "of a run"),
    KEY_OBJECT("counters", SCHEMA_NULL, &counters, "null for others than hakmem"),
    KEY_OBJECT("comparison", 0, &schema_compare, "of glibc, glibc again and the allocator"),
    KEY_END,
};
static const struct schema_object profile = {"health_profile", "", profile_keys, NULL};

static const struct schema_key health_keys[] = {
    KEY_TEXT("allocator", 0, "what was checked"),
    KEY_TEXT("library", SCHEMA_NULL, "the file preloaded; null: glibc"),
    KEY_WORD("verdict", 0, VERDICTS, "of the whole; `unknown`: interrupted"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_NUMBER("bound", 0, NULL, "of throughput: times glibc's"),
    KEY_NUMBER("memory_bound", 0, NULL, "of max RSS: times glibc's"),
    KEY_OBJECT("profiles", SCHEMA_LIST, &profile, "a workload each"),
    KEY_END,
};
const struct schema_object schema_health = {
    .name = "health", .text = "hakmem-trace health.", .keys = health_keys, .kind = "health"};

static const struct schema_key check_keys[] = {
    KEY_TEXT("group", 0, "of checks"),
    KEY_TEXT("name", 0, "of the check"),
    KEY_WORD("state", 0, STATES, "what was found, in a word"),
    KEY_TEXT("found", 0, "what was found"),
    KEY_TEXT("remedy", SCHEMA_NULL, "null exactly where the state is `ok`"),
    KEY_MAP("figures", SCHEMA_NUMBER, SCHEMA_NULLS, NULL, {0},
            "with their units in their names; null: not measured"),
    KEY_END,
};
static const struct schema_object check = {"doctor_check", "", check_keys, NULL};

static const struct schema_key tier_keys[] = {
    KEY_TEXT("text", 0, "in a line"),
    KEY_TEXT("event", SCHEMA_NULL, "that would be sampled; null: none"),
    KEY_WHOLE("frequency", SCHEMA_NULL, "Hz", "of samples"),
    KEY_BOOLEAN("processors", 0, "whole processors"),
    KEY_BOOLEAN("kernel", 0, "it is sampled, too"),
    KEY_BOOLEAN("slow_path", 0, "eBPF is permitted"),
    KEY_TEXT("no_samples", SCHEMA_NULL, "why not"),
    KEY_TEXT("no_slow_path", SCHEMA_NULL, "why not"),
    KEY_END,
};
static const struct schema_object tier = {"doctor_tier", "", tier_keys, NULL};

static const struct schema_key doctor_keys[] = {
    KEY_BOOLEAN("quick", 0, "without what is timed"),
    KEY_OBJECT("checks", SCHEMA_LIST, &check, "of the machine"),
    KEY_OBJECT("tier", 0, &tier, "what `run` would use"),
    KEY_END,
};
const struct schema_object schema_doctor = {
    .name = "doctor", .text = "hakmem-trace doctor.", .keys = doctor_keys, .kind = "doctor"};
