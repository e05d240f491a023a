/* SPDX-License-Identifier: MIT */
#include "ledger_json.h"

#include "json_value.h"

static json_t *range(struct interval interval)
{
    json_t *list = json_array();
    json_array_append_new(list, value_number(interval.low));
    json_array_append_new(list, value_number(interval.high));
    return list;
}

static json_t *estimate(const struct ledger_estimate *percent, const struct ledger_estimate *ns)
{
    json_t *object = json_object();
    json_object_set_new(object, "percent", value_number(percent->value));
    json_object_set_new(object, "percent_range", range(percent->range));
    json_object_set_new(object, "ns", value_number(ns->value));
    json_object_set_new(object, "ns_range", range(ns->range));
    return object;
}

static json_t *counts(const struct ledger_counts *counted)
{
    json_t *object = json_object();
    json_object_set_new(object, "instructions", value_number(counted->instructions));
    json_object_set_new(object, "loads", value_number(counted->loads));
    json_object_set_new(object, "stores", value_number(counted->stores));
    json_object_set_new(object, "branches", value_number(counted->branches));
    return object;
}

static json_t *rows(const struct ledger *ledger)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        json_t *object = json_object();
        json_object_set_new(object, "factor", value_text(row->factor));
        json_object_set_new(object, "modern", value_text(row->modern));
        json_object_set_new(object, "far", value_text(row->far));
        json_object_set_new(object, "expected", range(row->expected));
        json_object_set_new(object, "sampled", estimate(&row->sampled, &row->sampled_ns));
        json_object_set_new(object, "counted", counts(&row->counted));
        json_object_set_new(object, "ablated", estimate(&row->ablated, &row->ablated_ns));
        json_object_set_new(object, "verdict", value_text(ledger_verdict_names[row->verdict]));
        json_object_set_new(object, "reason",
                            row->reason[0] ? value_text(row->reason) : json_null());
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *indicators(const struct ledger_indicators *indicators)
{
    json_t *object = json_object();
    json_object_set_new(object, "by", value_text(ledger_source_names[indicators->source]));
    for (size_t i = 0; i < LEDGER_INDICATORS; i++)
        json_object_set_new(object, ledger_indicator_names[i], value_number(indicators->of[i]));
    return object;
}

static json_t *end(const struct ledger_end *end)
{
    json_t *object = json_object();
    json_object_set_new(object, "per_1000_operations", indicators(&end->indicators));
    json_object_set_new(object, "ns_per_op", value_number(end->ns));
    json_object_set_new(object, "malloc_percent", value_number(end->malloc_share.value));
    json_object_set_new(object, "malloc_percent_range", range(end->malloc_share.range));
    json_object_set_new(object, "samples", value_count(end->samples));
    json_object_set_new(object, "calls", value_count(end->calls));
    json_object_set_new(object, "counted", counts(&end->counted));
    return object;
}

static json_t *gates(const struct ledger *ledger)
{
    json_t *list = json_array();
    for (size_t i = 0; i < LEDGER_GATES; i++) {
        const struct ledger_gate *gate = &ledger->gates[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(gate->name));
        json_object_set_new(object, "open", gate->known ? json_boolean(gate->open) : json_null());
        json_object_set_new(object, "evidence", value_text(gate->evidence));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *ledger_json(const struct ledger *ledger)
{
    if (!ledger->made)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "rows", rows(ledger));
    json_object_set_new(object, "modern", end(&ledger->modern));
    json_object_set_new(object, "far", end(&ledger->far));
    json_object_set_new(object, "gates", gates(ledger));
    json_object_set_new(object, "verdict", value_text(ledger->verdict));
    return object;
}
