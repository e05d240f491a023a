/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "schema.h"
#include "schema_json.h"

/* Objects with a text have a section of their own; others stand in the table that has them. */
enum { SECTIONS_MAX = 64, PATH_BYTES = 256 };

struct page {
    FILE *stream;
    const struct schema_object *sections[SECTIONS_MAX]; /* named in a table; reports first */
    size_t count;
};

static void add_section(struct page *page, const struct schema_object *object)
{
    for (size_t i = 0; i < page->count; i++) {
        if (page->sections[i] == object)
            return;
    }
    if (page->count < SECTIONS_MAX)
        page->sections[page->count++] = object;
}

static void print_words(FILE *stream, const char *before, const struct schema_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (!words->names[i])
            continue;
        fprintf(stream, "%s`%s`", before, words->names[i]);
        before = ", ";
    }
}

static void print_type(const struct page *page, const struct schema_key *key)
{
    static const char *const one[] = {"text", "whole", "number", "boolean", "object"};
    static const char *const many[] = {"texts", "wholes", "numbers", "booleans", "objects"};
    if (key->how & (SCHEMA_LIST | SCHEMA_MAP))
        fprintf(page->stream, "%s of %s", key->how & SCHEMA_LIST ? "list" : "map", many[key->type]);
    else
        fputs(one[key->type], page->stream);
    if (key->how & SCHEMA_NULL)
        fputs(", null", page->stream);
    if (key->how & SCHEMA_MISSING)
        fputs(", or missing", page->stream);
}

static void print_meaning(const struct page *page, const struct schema_key *key)
{
    fputs(key->text, page->stream);
    if (key->type == SCHEMA_OBJECT && *key->of->text)
        fprintf(page->stream, "; see [%s](#%s)", key->of->name, key->of->name);
    if (key->words.count && key->how & SCHEMA_MAP && key->words.count > 16)
        fprintf(page->stream, "; keys: see the schema");
    else if (key->words.count)
        print_words(page->stream, key->how & SCHEMA_MAP ? "; keys: " : ": ", &key->words);
}

static void print_rows(struct page *page, const char *path, const struct schema_object *object)
{
    for (const struct schema_key *key = object->keys; key->name; key++) {
        char own[PATH_BYTES];
        fprintf(page->stream, "| `%s%s` | ", path, key->name);
        print_type(page, key);
        fprintf(page->stream, " | %s | ", key->unit ? key->unit : "");
        print_meaning(page, key);
        fputs(" |\n", page->stream);
        if (key->type != SCHEMA_OBJECT)
            continue;
        if (*key->of->text) {
            add_section(page, key->of);
            continue;
        }
        snprintf(own, sizeof own, "%s%s%s.", path, key->name, key->how & SCHEMA_LIST ? "[]" : "");
        print_rows(page, own, key->of);
    }
}

static void print_section(struct page *page, const struct schema_object *object)
{
    fprintf(page->stream, "\n## %s\n\n%s\n\n", object->name, object->text);
    fputs("| key | value | unit | meaning |\n|---|---|---|---|\n", page->stream);
    if (object->kind)
        fprintf(page->stream, "| `schema`, `kind` | text | | `%s`, `%s` |\n", REPORT_SCHEMA,
                object->kind);
    print_rows(page, "", object);
}

int schema_print_page(FILE *stream)
{
    struct page page = {.stream = stream};
    fputs("# JSON of hakmem-trace: `" REPORT_SCHEMA "`\n"
          "\n"
          "What `--json FILE` writes, command by command: made from the declarations in\n"
          "`analysis/report/schema/`, as is the JSON Schema (2020-12) of the same,\n"
          "[schema/hakmem-trace-1.schema.json](schema/hakmem-trace-1.schema.json), which the "
          "tests\n"
          "hold against what the commands write. A report is checked with, for example,\n"
          "\n"
          "    jsonschema -i report.json docs/schema/hakmem-trace-1.schema.json\n"
          "\n"
          "(Debian: python3-jsonschema). The version stands in every report as `schema`. Under\n"
          "one version keys may be added; none goes, and none changes its type or meaning: that\n"
          "would be `hakmem-trace/2`. The schema allows what its own release writes and nothing\n"
          "else, so who reads with another release passes over keys that are not in it.\n"
          "\n"
          "`null` stands for what was not measured, or for none. Units: `1` is a fraction, from\n"
          "0 to 1 where it is a share; a number without one is a count, or what the meaning\n"
          "says. A *whole* is a number without a fraction. In the tables `a.b` is `b` of the\n"
          "object `a`, `a[].b` of each in the list `a`.\n",
          stream);
    for (const struct schema_object *const *report = schema_reports; *report; report++)
        add_section(&page, *report);
    for (size_t i = 0; i < page.count; i++)
        print_section(&page, page.sections[i]);
    errno = ferror(stream) ? EIO : 0;
    return errno ? -1 : 0;
}
