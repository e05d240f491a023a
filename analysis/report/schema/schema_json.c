/* SPDX-License-Identifier: MIT */
#include "schema_json.h"

#include <jansson.h>
#include <string.h>

#include "report/json.h"
#include "report/json_value.h"
#include "schema.h"

/* "One object of these keys, and no other." See json-schema.org/draft/2020-12. */

static json_t *type_of(const char *name)
{
    return json_pack("{ss}", "type", name);
}

static json_t *enumeration(const struct schema_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++) {
        if (words->names[i])
            json_array_append_new(list, json_string(words->names[i]));
    }
    return list;
}

static json_t *or_null(json_t *schema)
{
    json_t *type = json_object_get(schema, "type"), *words = json_object_get(schema, "enum");
    if (!json_is_string(type))
        return json_pack("{s[o{ss}]}", "anyOf", schema, "type", "null");
    json_object_set_new(schema, "type", json_pack("[Os]", type, "null"));
    if (words)
        json_array_append_new(words, json_null());
    return schema;
}

static json_t *element(const struct schema_key *key)
{
    static const char *const types[] = {
        [SCHEMA_TEXT] = "string",
        [SCHEMA_WHOLE] = "integer",
        [SCHEMA_NUMBER] = "number",
        [SCHEMA_BOOLEAN] = "boolean",
    };
    if (key->type == SCHEMA_OBJECT)
        return json_pack("{so}", "$ref", json_sprintf("#/$defs/%s", key->of->name));
    json_t *schema = type_of(types[key->type]);
    if (key->words.count && !(key->how & SCHEMA_MAP))
        json_object_set_new(schema, "enum", enumeration(&key->words));
    return key->how & SCHEMA_NULLS ? or_null(schema) : schema;
}

static json_t *value_of(const struct schema_key *key)
{
    json_t *schema = element(key);
    if (key->how & SCHEMA_LIST)
        schema = json_pack("{ssso}", "type", "array", "items", schema);
    if (key->how & SCHEMA_MAP) {
        schema = json_pack("{ssso}", "type", "object", "additionalProperties", schema);
        if (key->words.count)
            json_object_set_new(schema, "propertyNames",
                                json_pack("{so}", "enum", enumeration(&key->words)));
    }
    if (key->how & SCHEMA_NULL)
        schema = or_null(schema);
    json_object_set_new(schema, "description", json_string(key->text));
    if (key->unit)
        json_object_set_new(schema, "unit", json_string(key->unit));
    return schema;
}

static void declare(json_t *definitions, const struct schema_object *object)
{
    json_t *properties = json_object(), *required = json_array(), *schema;
    if (json_object_get(definitions, object->name))
        return;
    schema = json_pack("{ss}", "type", "object");
    json_object_set_new(definitions, object->name, schema);
    if (object->kind) {
        json_object_set_new(properties, "schema", json_pack("{ss}", "const", REPORT_SCHEMA));
        json_object_set_new(properties, "kind", json_pack("{ss}", "const", object->kind));
        json_array_append_new(required, json_string("schema"));
        json_array_append_new(required, json_string("kind"));
    }
    for (const struct schema_key *key = object->keys; key->name; key++) {
        json_object_set_new(properties, key->name, value_of(key));
        if (!(key->how & SCHEMA_MISSING))
            json_array_append_new(required, json_string(key->name));
        if (key->type == SCHEMA_OBJECT)
            declare(definitions, key->of);
    }
    if (*object->text)
        json_object_set_new(schema, "description", json_string(object->text));
    json_object_set_new(schema, "properties", properties);
    json_object_set_new(schema, "required", required);
    json_object_set_new(schema, "additionalProperties", json_false());
}

int schema_print_json(FILE *stream)
{
    json_t *definitions = json_object(), *choices = json_array();
    for (const struct schema_object *const *report = schema_reports; *report; report++) {
        declare(definitions, *report);
        json_array_append_new(
            choices, json_pack("{so}", "$ref", json_sprintf("#/$defs/%s", (*report)->name)));
    }
    json_t *root = json_pack(
        "{ssssssss}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id",
        "urn:hakmem:schema:hakmem-trace-1", "title", "JSON of hakmem-trace", "description",
        "What hakmem-trace writes with --json. `unit` of a number: 1 is a fraction; of none, a "
        "count or what the description says. Later releases may add keys under the same version.");
    json_object_set_new(root, "oneOf", choices);
    json_object_set_new(root, "$defs", definitions);
    return value_write(root, stream);
}
