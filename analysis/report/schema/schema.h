/* SPDX-License-Identifier: MIT */
/*
 * What the JSON of every command holds, declared: a table of keys for each object, of which
 * write_schema makes docs/schema/hakmem-trace-1.schema.json and docs/schema.md. A key that a
 * command writes and no table has fails the tests, and so does one of another type.
 *
 * Who adds a key to a *_json.c adds a line to the table of its object here, and runs
 * `ninja -C build schema`.
 */
#ifndef ANALYSIS_SCHEMA_H
#define ANALYSIS_SCHEMA_H

#include <stddef.h>

enum schema_type {
    SCHEMA_TEXT,
    SCHEMA_WHOLE,   /* a number without fraction */
    SCHEMA_NUMBER,  /* any */
    SCHEMA_BOOLEAN, /* */
    SCHEMA_OBJECT   /* of `of` */
};

enum {
    SCHEMA_LIST = 1,    /* a list of these */
    SCHEMA_MAP = 2,     /* an object of these; its keys are `words`, or any where there are none */
    SCHEMA_NULL = 4,    /* or null: not measured, or none */
    SCHEMA_MISSING = 8, /* or no such key */
    SCHEMA_NULLS = 16   /* of a list or a map: some of these may be null */
};

/* NULL among the names is passed over. */
struct schema_words {
    const char *const *names;
    size_t count;
};

struct schema_key {
    const char *name; /* NULL: the end of the table */
    enum schema_type type;
    unsigned how;
    const char *unit; /* "s", "bytes"; "1": a fraction; NULL: none, or told in `text` */
    const char *text;
    const struct schema_object *of;
    struct schema_words words; /* of text, the only ones; of a map its keys */
};

struct schema_object {
    const char *name;
    const char *text;
    const struct schema_key *keys;
    const char *kind; /* of a whole report: its `kind`; `schema` and `kind` are in no table */
};

#define WORDS(array)                                                                               \
    {                                                                                              \
        array, sizeof array / sizeof array[0]                                                      \
    }

/* Lines of a table. `or`: flags. */
#define KEY_TEXT(name, or, text)                                                                   \
    {                                                                                              \
        name, SCHEMA_TEXT, or, NULL, text, NULL,                                                   \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_WORD(name, or, words, text)                                                            \
    {                                                                                              \
        name, SCHEMA_TEXT, or, NULL, text, NULL, words                                             \
    }
#define KEY_WHOLE(name, or, unit, text)                                                            \
    {                                                                                              \
        name, SCHEMA_WHOLE, or, unit, text, NULL,                                                  \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_BOOLEAN(name, or, text)                                                                \
    {                                                                                              \
        name, SCHEMA_BOOLEAN, or, NULL, text, NULL,                                                \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_OBJECT(name, or, of, text)                                                             \
    {                                                                                              \
        name, SCHEMA_OBJECT, or, NULL, text, of,                                                   \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_MAP(name, type, or, unit, words, text)                                                 \
    {                                                                                              \
        name, type, SCHEMA_MAP | (or), unit, text, NULL, words                                     \
    }

/* What was not measured is null: so may be any number with a fraction. */
#define KEY_NUMBER(name, or, unit, text)                                                           \
    {                                                                                              \
        name, SCHEMA_NUMBER, SCHEMA_NULL | (or), unit, text, NULL,                                 \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_NUMBERS(name, unit, text)                                                              \
    {                                                                                              \
        name, SCHEMA_NUMBER, SCHEMA_LIST | SCHEMA_NULLS, unit, text, NULL,                         \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }
#define KEY_ESTIMATE(name, or, unit, text)                                                         \
    {                                                                                              \
        name, SCHEMA_OBJECT, SCHEMA_NULL | (or), unit, text, &schema_estimate,                     \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }

#define KEY_NOTES                                                                                  \
    KEY_TEXT("notes", SCHEMA_LIST, "what is missing and how to get it, what disturbed")
#define KEY_COMMAND                                                                                \
    KEY_TEXT("command", SCHEMA_LIST,                                                               \
             "the command and its arguments; bytes that are not UTF-8 as \\xNN")
#define KEY_INTERVAL(unit)                                                                         \
    KEY_NUMBER("ci_low", 0, unit, "lower end of the 95 % interval"),                               \
        KEY_NUMBER("ci_high", 0, unit, "its upper end")
/* Of a row of counted instructions. */
#define KEY_EFFECTS                                                                                \
    KEY_WHOLE("instructions", 0, NULL, "executed"),                                                \
        KEY_WHOLE("loads", SCHEMA_NULL, NULL, "of memory; null without capstone"),                 \
        KEY_WHOLE("stores", SCHEMA_NULL, NULL, "to memory; null without capstone"),                \
        KEY_WHOLE("branches", SCHEMA_NULL, NULL, "null without capstone")
#define KEY_SPREAD                                                                                 \
    KEY_WHOLE("min", SCHEMA_NULL, NULL, "instructions of the call with fewest"),                   \
        KEY_WHOLE("median", SCHEMA_NULL, NULL, "of two the lower: nearest rank"),                  \
        KEY_WHOLE("p90", SCHEMA_NULL, NULL, "of ten calls nine take no more"),                     \
        KEY_WHOLE("p99", SCHEMA_NULL, NULL, "of a hundred calls 99 take no more"),                 \
        KEY_WHOLE("max", SCHEMA_NULL, NULL, "instructions of the call with most")
#define KEY_END                                                                                    \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* Shared by several. */
extern const struct schema_object schema_estimate, schema_effects, schema_compare,
    schema_compare_run, schema_heap;
extern const struct schema_key schema_stepped_keys[]; /* how reports of `count` begin */

/* Whole reports, in the order of the help; NULL at the end. */
extern const struct schema_object *const schema_reports[];

#endif
