/* SPDX-License-Identifier: MIT */
#include "why_evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/count_model.h"
#include "why_watch.h"

enum { ARGUMENTS_OWN = 16 };

/* Operations recorded for sharing: 24 bytes of disk each, for a moment. */
#define RECORD_LIMIT "2000000"

int why_evidence_calibrate(struct why_measure *measure, struct why_report *report)
{
    struct compare_report *comparison = &report->comparison;
    struct compare_row row = {.library = "libhakmem.so"};
    int error = 0;
    for (unsigned i = 0; i < WHY_CALIBRATIONS; i++) {
        struct compare_run run = {.round = i + 1};
        if (!error && !row.failure[0] && !measure->compare.process.taken)
            error = why_watch(measure, comparison->command, "hakmem", run, &row,
                              &report->calibration[i]);
        measure->compare.progress.done++;
        compare_progress_show(&measure->compare.progress);
    }
    if (row.failure[0])
        compare_note(comparison, "operations are not counted, on hakmem: %.180s", row.failure);
    free(row.last_output);
    return error;
}

/* What this program said last, of its own and of the command's words. */
static void note_no_report(struct why_measure *measure, struct why_report *report, const char *verb,
                           const char *name)
{
    static const char own[] = "hakmem-trace: ";
    const char *said = NULL, *text = measure->compare.process.tail.bytes;
    for (const char *next = text; (next = strstr(next, own)) != NULL; next++)
        said = next + strlen(own);
    said = said ? said : "no report was left";
    if (strncmp(said, verb, strlen(verb)) == 0 && said[strlen(verb)] == ':')
        said += strlen(verb) + 2;
    compare_note(&report->comparison, "%s on %.40s: %.*s", verb, name, (int)strcspn(said, "\n"),
                 said);
}

static enum why_kind kind_of(const char *name)
{
    if (strcmp(name, count_kind_names[COUNT_MALLOC]) == 0)
        return WHY_MALLOC;
    return strcmp(name, count_kind_names[COUNT_FREE]) == 0 ? WHY_FREE : WHY_OTHER_CALLS;
}

static uint64_t whole(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* Code of other libraries counts as the application's: it is what the allocator calls. */
static enum step_part part_of(const json_t *source)
{
    const char *group = json_string_value(json_object_get(source, "group"));
    if (group && strcmp(group, count_group_names[COUNT_ELSEWHERE]) == 0)
        return PART_APPLICATION;
    enum step_part part = step_part_of(json_string_value(json_object_get(source, "step")));
    return part < STEP_PARTS ? part : PART_UNKNOWN;
}

static void take_counts(const json_t *root, struct why_instructions *to)
{
    size_t i;
    json_t *kind, *source;
    json_array_foreach(json_object_get(root, "kinds"), i, kind)
        to->calls[kind_of(json_string_value(json_object_get(kind, "name")))] +=
        whole(kind, "calls");
    json_array_foreach(json_object_get(root, "sources"), i, source)
    {
        for (int k = 0; k < COUNT_KINDS; k++)
            to->by[part_of(source)][kind_of(count_kind_names[k])] +=
                whole(json_object_get(source, count_kind_names[k]), "instructions");
    }
}

/* "hakmem-trace count" says itself what is missing in a report. */
static void take_notes(const json_t *root, const char *name, struct why_report *report)
{
    size_t i;
    json_t *note;
    json_array_foreach(json_object_get(root, "notes"), i, note)
        compare_note(&report->comparison, "count on %.40s: %.200s", name, json_string_value(note));
}

static void add_option(char **own, size_t *used, const char *option, const char *value)
{
    if (!value)
        return;
    own[(*used)++] = (char *)option;
    own[(*used)++] = (char *)value;
}

/* `hakmem-trace VERB --with A --output /dev/null --json FILE`, and options where they have a value.
 * NULL with a note. */
static json_t *ask(struct why_measure *measure, struct why_report *report, int side,
                   const char *verb, const char *const options[][2])
{
    const char *name = measure->options->names[side];
    char *own[ARGUMENTS_OWN] = {OWN_PROGRAM, (char *)verb};
    size_t used = 2;
    struct compare_end end;
    add_option(own, &used, "--with", name);
    add_option(own, &used, "--output", "/dev/null");
    add_option(own, &used, "--json", measure->file);
    add_option(own, &used, "--process", measure->options->process);
    for (; (*options)[0]; options++)
        add_option(own, &used, (*options)[0], (*options)[1]);
    own[used] = "--";
    json_t *root = own_report(&measure->compare.process, own, report->comparison.command, 0,
                              measure->file, &end);
    if (!root && !measure->compare.process.taken)
        note_no_report(measure, report, verb, why_name(report, side));
    return root;
}

static void count(struct why_measure *measure, struct why_report *report, int side)
{
    const char *const options[][2] = {
        {"--calls", measure->options->calls}, {"--skip", measure->options->skip}, {NULL, NULL}};
    json_t *root = ask(measure, report, side, "count", options);
    if (!root)
        return;
    take_counts(root, &report->instructions[side]);
    take_notes(root, why_name(report, side), report);
    json_decref(root);
}

static void step_done(struct why_measure *measure)
{
    measure->compare.progress.done++;
    compare_progress_show(&measure->compare.progress);
}

int why_evidence_count(struct why_measure *measure, struct why_report *report)
{
    for (int side = 0; side < WATERFALL_SIDES; side++) {
        if (!measure->compare.process.taken)
            count(measure, report, side);
        step_done(measure);
    }
    return 0;
}

static void record(struct why_measure *measure, struct why_report *report, int side)
{
    static const char *const options[][2] = {{"--limit", RECORD_LIMIT}, {NULL, NULL}};
    json_t *root = ask(measure, report, side, "record", options);
    const json_t *sharing = json_object_get(root, "line_sharing");
    if (!root)
        return;
    report->sharing[side] = (struct why_sharing){.known = true,
                                                 .threads = whole(root, "threads"),
                                                 .blocks = whole(sharing, "blocks"),
                                                 .shared = whole(sharing, "shared")};
    json_decref(root);
}

int why_evidence_record(struct why_measure *measure, struct why_report *report)
{
    for (int side = 0; side < WATERFALL_SIDES; side++) {
        if (!report->is_one_thread && !measure->compare.process.taken)
            record(measure, report, side);
        /* What the busiest program did on A it does on B. */
        report->is_one_thread |= report->sharing[side].known && report->sharing[side].threads == 1;
        step_done(measure);
    }
    return 0;
}
