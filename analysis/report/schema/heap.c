/* SPDX-License-Identifier: MIT */
/* The JSON of a sampled heap, of `run --heap`: heap_json.c. */
#include "schema.h"

static const struct schema_key figure_keys[] = {
    KEY_WHOLE("samples", 0, NULL, "blocks sampled"),
    KEY_ESTIMATE("blocks", 0, NULL, "that they stand for"),
    KEY_ESTIMATE("bytes", 0, "bytes", "asked for in these"),
    KEY_END,
};
static const struct schema_object figures = {"heap_figures", "Blocks, estimated from samples.",
                                             figure_keys, NULL};

#define FIGURES                                                                                    \
    KEY_OBJECT("allocated", 0, &figures, "all that were handed out"),                              \
        KEY_OBJECT("peak", 0, &figures, "of these live when most bytes were"),                     \
        KEY_OBJECT("exit", 0, &figures, "of these never given back")

static const struct schema_key line_keys[] = {
    KEY_TEXT("function", 0, "its name"),
    KEY_TEXT("file", SCHEMA_NULL, "of the source"),
    KEY_WHOLE("line", SCHEMA_NULL, NULL, "of the file"),
    KEY_END,
};
static const struct schema_object line = {"heap_line", "", line_keys, NULL};

static const struct schema_key frame_keys[] = {
    KEY_TEXT("module", SCHEMA_NULL, "the file whose code it is"),
    KEY_WHOLE("offset", 0, "bytes", "in it, of the last byte of the call"),
    KEY_OBJECT("lines", SCHEMA_LIST, &line, "the innermost inlined function first"),
    KEY_END,
};
static const struct schema_object frame = {"heap_frame", "", frame_keys, NULL};

static const struct schema_key path_keys[] = {
    KEY_TEXT("called", SCHEMA_NULL, "the function of malloc's that was called"),
    KEY_WHOLE("frames", SCHEMA_LIST, NULL, "indexes into `frames`, the innermost first"),
    KEY_BOOLEAN("longer", 0, "there are more frames"),
    FIGURES,
    KEY_END,
};
static const struct schema_object path = {"heap_path", "", path_keys, NULL};

static const struct schema_key by_keys[] = {
    KEY_WHOLE("allocated", SCHEMA_LIST, NULL, "indexes into `paths`, most bytes first"),
    KEY_WHOLE("peak", SCHEMA_LIST, NULL, "the same"),
    KEY_WHOLE("exit", SCHEMA_LIST, NULL, "the same"),
    KEY_END,
};
static const struct schema_object by = {"heap_by", "", by_keys, NULL};

static const struct schema_key moment_keys[] = {
    KEY_NUMBER("at_s", 0, "s", "after the start"),
    KEY_NUMBER("blocks", 0, NULL, "live"),
    KEY_NUMBER("bytes", 0, "bytes", "live"),
    KEY_NUMBER("allocated", 0, "bytes", "handed out up to then"),
    KEY_END,
};
static const struct schema_object moment = {"heap_moment", "", moment_keys, NULL};

static const struct schema_key heap_keys[] = {
    KEY_WHOLE("interval_bytes", 0, "bytes", "mean distance of samples, at the start"),
    KEY_WHOLE("last_interval_bytes", 0, "bytes", "the widest at the end"),
    KEY_WHOLE("programs", 0, NULL, "that left samples"),
    KEY_WHOLE("lost", 0, NULL, "samples that were due and could not be taken"),
    KEY_NUMBER("peak_at_s", 0, "s", "after the start"),
    FIGURES,
    KEY_OBJECT("frames", SCHEMA_LIST, &frame, "places in code"),
    KEY_OBJECT("paths", SCHEMA_LIST, &path, "of calls"),
    KEY_OBJECT("by", 0, &by, "orders of the paths"),
    KEY_OBJECT("moments", SCHEMA_LIST, &moment, "in time"),
    KEY_NOTES,
    KEY_END,
};
const struct schema_object schema_heap = {"heap", "The sampled heap, of `run --heap`.", heap_keys,
                                          NULL};
