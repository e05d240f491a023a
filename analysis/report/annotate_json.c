/* SPDX-License-Identifier: MIT */
#include "annotate_json.h"

#include "count_cells_json.h"
#include "json_value.h"
#include "stepped_head_json.h"

static void set_samples(json_t *object, const struct annotate_report *report,
                        const struct annotate_samples *samples)
{
    json_object_set_new(object, "samples",
                        report->event ? value_count(samples->count) : json_null());
    json_object_set_new(object, "share", value_number(annotate_share(samples, &report->samples)));
}

static json_t *instruction(const struct annotate_report *report, const char *part,
                           const struct annotate_instruction *from)
{
    json_t *object = json_object();
    json_object_set_new(object, "part", value_text(part));
    json_object_set_new(object, "offset", value_count(from->offset));
    json_object_set_new(object, "text", *from->text ? value_text(from->text) : json_null());
    json_object_set_new(object, "source", value_text(from->label));
    json_object_set_new(object, "group", json_string(count_group_names[from->group]));
    json_object_set_new(object, "inlined", value_text(from->inlined));
    json_object_set_new(object, "file", value_text(from->file));
    json_object_set_new(object, "line", from->line ? json_integer(from->line) : json_null());
    json_object_set_new(object, "line_text", value_text(from->line_text));
    json_object_set_new(object, "target", from->target ? value_count(from->target) : json_null());
    json_object_set_new(object, "is_target", json_boolean(from->is_target));
    json_object_set_new(object, "executed", value_count(from->executed));
    json_object_set_new(object, "effects",
                        count_effects_json(&from->effects, report->disassembled));
    set_samples(object, report, &from->samples);
    return object;
}

static json_t *code(const struct annotate_report *report, const struct annotate_function *function)
{
    json_t *list = json_array();
    for (size_t p = 0; p < function->part_count; p++) {
        const struct annotate_part *part = &function->parts[p];
        for (size_t i = part->first; i < part->first + part->count; i++)
            json_array_append_new(list,
                                  instruction(report, part->name, &function->instructions[i]));
    }
    return list;
}

static json_t *parts(const struct annotate_function *function)
{
    json_t *list = json_array();
    for (size_t p = 0; p < function->part_count; p++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(function->parts[p].name));
        json_object_set_new(object, "address", value_count(function->parts[p].address));
        json_object_set_new(object, "bytes", value_count(function->parts[p].bytes));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *sources(const struct annotate_report *report,
                       const struct annotate_function *function)
{
    json_t *list = json_array();
    for (size_t i = 0; i < function->source_count; i++) {
        const struct annotate_source *source = &function->sources[i];
        json_t *object = count_effects_json(&source->effects, report->disassembled);
        json_object_set_new(object, "name", value_text(source->name));
        json_object_set_new(object, "group", json_string(count_group_names[source->group]));
        set_samples(object, report, &source->samples);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *functions(const struct annotate_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->function_count; i++) {
        const struct annotate_function *function = &report->functions[i];
        json_t *object = count_effects_json(&function->effects, report->disassembled);
        json_object_set_new(object, "name", value_text(function->name));
        json_object_set_new(object, "calls", value_count(function->calls));
        count_spread_json(object, &function->spread, function->effects.instructions > 0);
        set_samples(object, report, &function->samples);
        json_object_set_new(object, "sources", sources(report, function));
        json_object_set_new(object, "parts", parts(function));
        json_object_set_new(object, "code", code(report, function));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *hottest(const struct annotate_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->row_count; i++) {
        const struct annotate_row *row = &report->rows[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", value_text(row->name));
        json_object_set_new(object, "calls", value_count(row->calls));
        json_object_set_new(object, "instructions", value_count(row->instructions));
        set_samples(object, report, &row->samples);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *sampling(const struct annotate_report *report)
{
    json_t *object = json_object();
    if (!report->event) {
        json_decref(object);
        return json_null();
    }
    json_object_set_new(object, "event", json_string(report->event));
    json_object_set_new(object, "frequency", json_integer(report->frequency));
    json_object_set_new(object, "samples", value_count(report->samples.count));
    json_object_set_new(object, "lost", value_count(report->lost));
    return object;
}

int annotate_print_json(const struct annotate_report *report, FILE *stream)
{
    json_t *root = stepped_head_json(&report->head, "annotate"), *notes = json_array();
    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(notes, value_text(report->notes[i]));
    json_object_set_new(root, "instructions", value_count(report->instructions));
    json_object_set_new(root, "sampling", sampling(report));
    json_object_set_new(root, "functions", report->is_list ? json_null() : functions(report));
    json_object_set_new(root, "hottest", report->is_list ? hottest(report) : json_null());
    json_object_set_new(root, "notes", notes);
    return value_write(root, stream);
}
