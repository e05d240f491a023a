/* SPDX-License-Identifier: MIT */
#include "schema.h"

static const struct schema_key estimate_keys[] = {
    KEY_NUMBER("value", 0, NULL, "the estimate"),
    KEY_INTERVAL(NULL),
    KEY_END,
};

const struct schema_object schema_estimate = {
    .name = "estimate",
    .text = "An estimate with its 95 % interval.",
    .keys = estimate_keys,
};

static const struct schema_key effects_keys[] = {KEY_EFFECTS, KEY_END};

const struct schema_object schema_effects = {
    .name = "effects",
    .text = "What executed instructions do.",
    .keys = effects_keys,
};

extern const struct schema_object schema_advise, schema_run, schema_attach, schema_top,
    schema_top_list, schema_callers, schema_suite, schema_sweep, schema_why, schema_ablate,
    schema_health, schema_record, schema_count, schema_annotate, schema_doctor;

const struct schema_object *const schema_reports[] = {
    &schema_advise,
    &schema_run,
    &schema_attach,
    &schema_top,
    &schema_top_list,
    &schema_callers,
    &schema_compare,
    &schema_suite,
    &schema_sweep,
    &schema_why,
    &schema_ablate,
    &schema_health,
    &schema_record,
    &schema_count,
    &schema_annotate,
    &schema_doctor,
    NULL,
};
