/* SPDX-License-Identifier: MIT */
#include "chrome_trace.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "clean_text.h"
#include "report/json_value.h"

static const char *const part_names[TIMELINE_PARTS] = {
    [TIMELINE_MALLOC] = "malloc",
    [TIMELINE_APPLICATION] = "application",
    [TIMELINE_KERNEL] = "kernel",
};

/* Events are written one by one: a line each, and never all in memory. */
struct writer {
    const struct timeline *timeline;
    FILE *stream;
    int root;
    bool has_some, failed;
};

static json_t *text(const char *from)
{
    char clean[CLEAN_TEXT_BYTES];
    return json_string(clean_text(from, "", clean));
}

/* Takes the event over. */
static void emit(struct writer *writer, json_t *event)
{
    fputs(writer->has_some ? ",\n" : "\n", writer->stream);
    writer->has_some = true;
    if (!event || json_dumpf(event, writer->stream, JSON_COMPACT | JSON_REAL_PRECISION(15)) != 0)
        writer->failed = true;
    json_decref(event);
}

static double whole_us(double seconds)
{
    return (double)llround(seconds * 1e9) / 1000;
}

static json_t *event_of(const char *kind, json_t *name, int pid, double at_s)
{
    json_t *event = json_object();
    json_object_set_new(event, "ph", json_string(kind));
    json_object_set_new(event, "name", name);
    json_object_set_new(event, "pid", json_integer(pid));
    json_object_set_new(event, "ts", json_real(whole_us(at_s)));
    return event;
}

static void emit_name(struct writer *writer, const char *what, int pid, int tid, const char *name)
{
    json_t *event = event_of("M", json_string(what), pid, 0), *arguments = json_object();
    json_object_set_new(event, "tid", json_integer(tid));
    json_object_set_new(arguments, "name", text(name));
    json_object_set_new(event, "args", arguments);
    emit(writer, event);
}

/* A process is named once, by the first of its threads that knows. */
static void emit_process(struct writer *writer, size_t thread)
{
    const struct timeline *timeline = writer->timeline;
    const char *name = "";
    for (size_t i = 0; i < timeline->thread_count && !name[0]; i++) {
        if (timeline->threads[i].pid != timeline->threads[thread].pid)
            continue;
        if (i < thread)
            return;
        name = timeline->threads[i].process;
    }
    if (name[0])
        emit_name(writer, "process_name", timeline->threads[thread].pid,
                  timeline->threads[thread].pid, name);
}

static void emit_names(struct writer *writer)
{
    for (size_t i = 0; i < writer->timeline->thread_count; i++) {
        const struct timeline_thread *thread = &writer->timeline->threads[i];
        const char *name = thread->tid == 0 ? "other threads" : thread->name;
        emit_process(writer, i);
        if (name[0])
            emit_name(writer, "thread_name", thread->pid, thread->tid, name);
    }
}

/* From one boundary to the next, so that neighbours meet and inner slices end with the outer one:
 * readers count in whole ns. */
struct slice {
    size_t thread;
    const char *name, *category, *other;
    double from_s, to_s, exact_s;
    bool is_cut; /* there was no room for all of it */
};

static void emit_slice(struct writer *writer, const struct slice *slice)
{
    const struct timeline_thread *thread = &writer->timeline->threads[slice->thread];
    json_t *event = event_of("X", text(slice->name), thread->pid, slice->from_s);
    json_t *arguments = json_object();
    double us = whole_us(slice->to_s) - whole_us(slice->from_s);
    json_object_set_new(event, "tid", json_integer(thread->tid));
    json_object_set_new(event, "dur", json_real((double)llround(us * 1000) / 1000));
    json_object_set_new(event, "cat", json_string(slice->category));
    if (slice->is_cut)
        json_object_set_new(arguments, "exact_ns", json_integer(llround(slice->exact_s * 1e9)));
    if (slice->other)
        json_object_set_new(arguments, "allocator", text(slice->other));
    json_object_set_new(event, "args", arguments);
    emit(writer, event);
}

/* A bin of a thread. */
struct place {
    size_t thread, bin;
    double scale; /* what was sampled, to what there is room for */
};

static double seconds_of(const struct timeline *timeline, const struct place *place, size_t source)
{
    const double *row = timeline->rows[place->thread][source];
    return row ? row[place->bin] * timeline->unit_ns * 1e-9 : 0;
}

static double seconds_of_part(const struct timeline *timeline, const struct place *place,
                              enum timeline_part part)
{
    double sum = 0;
    for (size_t s = 0; s < timeline->source_count; s++)
        sum += timeline->sources[s].part == part ? seconds_of(timeline, place, s) : 0;
    return sum;
}

/* Malloc as a whole stands above its sources, one of which may be called malloc. Returns where the
 * part ends. */
static double emit_part(struct writer *writer, const struct place *place, enum timeline_part part,
                        double from_s)
{
    const struct timeline *timeline = writer->timeline;
    double sum = seconds_of_part(timeline, place, part), inner = 0;
    struct slice slice = {.thread = place->thread,
                          .name = "in malloc",
                          .category = part_names[part],
                          .from_s = from_s,
                          .to_s = from_s + sum * place->scale,
                          .exact_s = sum,
                          .is_cut = place->scale < 1};
    if (part == TIMELINE_MALLOC && sum > 0)
        emit_slice(writer, &slice);
    for (size_t s = 0; s < timeline->source_count; s++) {
        slice.exact_s = seconds_of(timeline, place, s);
        if (timeline->sources[s].part != part || !(slice.exact_s > 0))
            continue;
        slice.name = timeline->sources[s].name;
        slice.other = timeline->sources[s].other;
        slice.from_s = from_s + inner * place->scale;
        inner += slice.exact_s;
        slice.to_s = from_s + inner * place->scale;
        emit_slice(writer, &slice);
    }
    return from_s + inner * place->scale;
}

static void emit_bin(struct writer *writer, size_t thread, size_t bin)
{
    const struct timeline *timeline = writer->timeline;
    struct place place = {.thread = thread, .bin = bin, .scale = 1};
    double whole = 0, at_s = (double)bin * timeline->bin_s;
    for (int part = 0; part < TIMELINE_PARTS; part++)
        whole += seconds_of_part(timeline, &place, (enum timeline_part)part);
    if (whole > timeline->bin_s)
        place.scale = timeline->bin_s / whole;
    for (int part = 0; part < TIMELINE_PARTS; part++)
        at_s = emit_part(writer, &place, (enum timeline_part)part, at_s);
}

static void emit_counter(struct writer *writer, const char *name, double at_s, json_t *values)
{
    json_t *event = event_of("C", json_string(name), writer->root, at_s);
    json_object_set_new(event, "args", values);
    emit(writer, event);
}

/* How many processors were at work on what. */
static void emit_processors(struct writer *writer)
{
    const struct timeline *timeline = writer->timeline;
    double processors = timeline->unit_ns * 1e-9 / timeline->bin_s;
    size_t end = timeline->thread_count ? timeline->last_bin + 2 : 0; /* and back to nothing */
    for (size_t bin = 0; bin < end; bin++) {
        json_t *parts = json_object(), *sources = json_object();
        bool is_in = bin < TIMELINE_BINS;
        for (int p = 0; p < TIMELINE_PARTS; p++) {
            double weight = is_in ? timeline_of_part(timeline, bin, (enum timeline_part)p) : 0;
            json_object_set_new(parts, part_names[p], json_real(weight * processors));
        }
        for (size_t s = 0; s < timeline->source_count; s++) {
            const struct timeline_source *source = &timeline->sources[s];
            double weight = is_in ? timeline_of_source(timeline, bin, s) : 0;
            char clean[CLEAN_TEXT_BYTES];
            if (source->part == TIMELINE_MALLOC && !source->other)
                json_object_set_new(sources, clean_text(source->name, "", clean),
                                    json_real(weight * processors));
        }
        emit_counter(writer, "processors", (double)bin * timeline->bin_s, parts);
        if (json_object_size(sources))
            emit_counter(writer, "processors in malloc", (double)bin * timeline->bin_s, sources);
        else
            json_decref(sources);
    }
}

static bool has_any(const struct timeline_track *track, size_t key)
{
    for (size_t i = 0; i < track->point_count; i++) {
        if (track->points[i].values[key] > 0)
            return true;
    }
    return false;
}

/* A rate holds from one point to the next, and is shown from the first of them on. */
static void emit_track(struct writer *writer, const struct timeline_track *track)
{
    for (size_t i = 0; i + track->is_rate < track->point_count; i++) {
        const struct timeline_point *point = &track->points[i];
        if (i > 0 && whole_us(point->at_s) <= whole_us(point[-1].at_s))
            continue;
        json_t *values = json_object();
        for (size_t k = 0; k < track->key_count; k++) {
            double value = point->values[k];
            if (track->is_rate)
                value = (point[1].values[k] - value) / (point[1].at_s - point->at_s);
            if (isfinite(value) && (!track->is_rate || has_any(track, k)))
                json_object_set_new(values, track->keys[k], json_real(value));
        }
        if (json_object_size(values))
            emit_counter(writer, track->name, point->at_s, values);
        else
            json_decref(values);
    }
}

static void emit_head(const struct writer *writer, char *const *command)
{
    char clean[CLEAN_TEXT_BYTES];
    json_t *words = json_array(), *other = json_object();
    for (; *command; command++)
        json_array_append_new(words, json_string(clean_text(*command, "", clean)));
    json_object_set_new(other, "command", words);
    json_object_set_new(other, "exporter", json_string("hakmem-trace " HAKMEM_VERSION));
    json_object_set_new(other, "bin_ns",
                        value_count((uint64_t)llround(writer->timeline->bin_s * 1e9)));
    fputs("{\"displayTimeUnit\":\"ms\",\"otherData\":", writer->stream);
    json_dumpf(other, writer->stream, JSON_COMPACT);
    fputs(",\"traceEvents\":[", writer->stream);
    json_decref(other);
}

int chrome_trace_print(const struct timeline *timeline, int root, char *const *command,
                       FILE *stream)
{
    struct writer writer = {.timeline = timeline, .stream = stream, .root = root};
    emit_head(&writer, command);
    emit_names(&writer);
    for (size_t t = 0; t < timeline->thread_count; t++) {
        for (size_t bin = 0; bin <= timeline->last_bin; bin++)
            emit_bin(&writer, t, bin);
    }
    emit_processors(&writer);
    for (size_t i = 0; i < timeline->track_count; i++)
        emit_track(&writer, &timeline->tracks[i]);
    fputs("\n]}\n", stream);
    if (timeline->no_memory || writer.failed)
        errno = ENOMEM;
    return timeline->no_memory || writer.failed || ferror(stream) ? -1 : 0;
}
