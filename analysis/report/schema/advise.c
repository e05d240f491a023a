/* SPDX-License-Identifier: MIT */
/* The JSON of `advise`: advise_json.c. */
#include "report/advise_model.h"
#include "schema.h"

#define VERDICTS                                                                                   \
    {                                                                                              \
        advise_verdict_names, ADVISE_NOT_AGAIN + 1                                                 \
    }
#define SITES                                                                                      \
    {                                                                                              \
        advise_site_names, ADVISE_SITE_PADDING + 1                                                 \
    }

static const char *const betters[] = {"higher", "lower"};
static const char *const share_withs[] = {"own", "hakmem"};

static const struct schema_key allocator_keys[] = {
    KEY_TEXT("name", 0, "the allocator"),
    KEY_NUMBER("share", 0, "1", "of the processor time"),
    KEY_NUMBER("stays", 0, "1", "its share when libhakmem was preloaded; null: not tried"),
    KEY_END,
};
static const struct schema_object allocator = {"advise_allocator", "", allocator_keys, NULL};

static const struct schema_key tried_keys[] = {
    KEY_TEXT("name", 0, "the allocator"),
    KEY_TEXT("library", SCHEMA_NULL, "the file preloaded"),
    KEY_NUMBER("faster", 0, NULL, "times as good as the program alone"),
    KEY_NUMBER("memory", 0, NULL, "times its max RSS"),
    KEY_TEXT("failure", SCHEMA_NULL, "why there are no figures"),
    KEY_END,
};
static const struct schema_object tried = {"advise_tried", "", tried_keys, NULL};

static const struct schema_key best_keys[] = {
    KEY_TEXT("name", 0, "the allocator"),
    KEY_TEXT("library", SCHEMA_NULL, "the file to preload"),
    KEY_WHOLE("rounds", 0, NULL, "that measured it"),
    KEY_ESTIMATE("faster", 0, NULL, "times as good as the program alone"),
    KEY_ESTIMATE("memory", 0, NULL, "times its max RSS"),
    KEY_ESTIMATE("control", 0, NULL, "the program alone against itself"),
    KEY_NUMBER("alone_wall_s", 0, "s", "median of the program alone"),
    KEY_NUMBER("alone_user_s", 0, "s", "median of the program alone"),
    KEY_NUMBER("alone_system_s", 0, "s", "median of the program alone"),
    KEY_NUMBER("alone_max_rss_kb", 0, "KiB", "median of the program alone"),
    KEY_NUMBER("user_s", 0, "s", "median on it"),
    KEY_NUMBER("system_s", 0, "s", "median on it"),
    KEY_BOOLEAN("indirect", 0, "the gain is more than malloc's time"),
    KEY_END,
};
static const struct schema_object best = {"advise_best", "", best_keys, NULL};

static const struct schema_key site_keys[] = {
    KEY_WORD("kind", 0, SITES, "what could be done there"),
    KEY_TEXT("path", 0, "functions, the innermost first, three at most"),
    KEY_TEXT("file", SCHEMA_NULL, "of the call"),
    KEY_WHOLE("line", SCHEMA_NULL, NULL, "of the call"),
    KEY_NUMBER("time_share", 0, "1", "of malloc's time"),
    KEY_NUMBER("call_share", 0, "1", "of the calls"),
    KEY_END,
};
static const struct schema_object site = {"advise_site", "", site_keys, NULL};

static const struct schema_key advise_keys[] = {
    KEY_COMMAND,
    KEY_WHOLE("exit_code", 0, NULL, "of the first run"),
    KEY_WORD("verdict", 0, VERDICTS, "the advice"),
    KEY_BOOLEAN("interrupted", 0, "cut short by a signal"),
    KEY_TEXT("metric", SCHEMA_NULL, "the regular expression; null: wall time"),
    KEY_WORD("better", 0, WORDS(betters), "of the metric"),
    KEY_NUMBER("seconds", 0, "s", "as given"),
    KEY_NUMBER("seconds_needed", 0, "s", "that would probably tell, of `not sure`"),
    KEY_NUMBER("elapsed_s", 0, "s", "of the whole"),
    KEY_NUMBER("wall_s", 0, "s", "of the first run"),
    KEY_NUMBER("cpu_s", 0, "s", "of the first run"),
    KEY_NUMBER("system_s", 0, "s", "of the first run"),
    KEY_NUMBER("max_rss_kb", 0, "KiB", "of the first run"),
    KEY_ESTIMATE("malloc_share", 0, "1", "of the processor time of the first run"),
    KEY_WORD("share_with", SCHEMA_NULL, WORDS(share_withs),
             "the run that this share is of; null: there is none"),
    KEY_NUMBER("kernel_for_malloc", 0, "1",
               "share of the kernel's work for malloc, of the run on libhakmem"),
    KEY_NUMBER("samples", 0, NULL, "of the first run"),
    KEY_OBJECT("allocators", SCHEMA_LIST, &allocator, "at work in it, the greatest first"),
    KEY_BOOLEAN("replaceable", SCHEMA_NULL, "libhakmem was loaded into it; null: not tried"),
    KEY_WHOLE("choice_rounds", 0, NULL, "rounds that chose"),
    KEY_OBJECT("tried", SCHEMA_LIST, &tried, "what was chosen from"),
    KEY_TEXT("alone_failure", SCHEMA_NULL, "why the program can't be repeated"),
    KEY_OBJECT("best", SCHEMA_NULL, &best, "null: none"),
    KEY_OBJECT("sites", SCHEMA_LIST | SCHEMA_NULL, &site, "who asks for memory; null: not known"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_advise = {
    .name = "advise", .text = "hakmem-trace advise.", .keys = advise_keys, .kind = "advise"};
