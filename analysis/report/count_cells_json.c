/* SPDX-License-Identifier: MIT */
#include "count_cells_json.h"

#include "json_value.h"

static void set(json_t *object, const char *key, uint64_t value, bool known)
{
    json_object_set_new(object, key, known ? value_count(value) : json_null());
}

json_t *count_effects_json(const struct count_effects *effects, bool disassembled)
{
    json_t *object = json_object();
    set(object, "instructions", effects->instructions, true);
    set(object, "loads", effects->loads, disassembled);
    set(object, "stores", effects->stores, disassembled);
    set(object, "branches", effects->branches, disassembled);
    return object;
}

void count_spread_json(json_t *object, const struct count_spread *spread, bool known)
{
    set(object, "min", spread->least, known);
    set(object, "median", spread->median, known);
    set(object, "p90", spread->p90, known);
    set(object, "p99", spread->p99, known);
    set(object, "max", spread->most, known);
}

void count_chains_json(json_t *object, const struct count_chains *chains, bool disassembled)
{
    set(object, "dependent_loads_min", chains->least, disassembled);
    set(object, "dependent_loads_max", chains->most, disassembled);
}
