/* SPDX-License-Identifier: MIT */
#include "annotate_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "annotate_options.h"
#include "collect/launch.h"
#include "watching_sources.h"
#include "stepped.h"

enum { ROWS_MAX = 40, FEW_SAMPLES = 100 };

static struct annotate_source *find_or_add_source(struct annotate_function *function,
                                                  const struct annotate_instruction *instruction)
{
    struct annotate_source *source = function->sources;
    for (size_t i = 0; i < function->source_count; i++, source++) {
        if (source->group == instruction->group && strcmp(source->name, instruction->label) == 0)
            return source;
    }
    if (function->source_count == ANNOTATE_SOURCES_MAX)
        return source - 1;
    bool is_last = ++function->source_count == ANNOTATE_SOURCES_MAX;
    *source = (struct annotate_source){
        .name = is_last ? "other sources" : instruction->label,
        .group = is_last ? COUNT_ELSEWHERE : instruction->group,
    };
    return source;
}

static void add_up(struct annotate_function *function)
{
    for (size_t i = 0; i < function->instruction_count; i++) {
        const struct annotate_instruction *instruction = &function->instructions[i];
        const struct count_effects *each = &instruction->effects;
        uint64_t times = instruction->executed;
        struct count_effects all = {times, times * each->loads, times * each->stores,
                                    times * each->branches};
        struct annotate_source *source = find_or_add_source(function, instruction);
        count_effects_add(&source->effects, &all);
        count_effects_add(&function->effects, &all);
        annotate_samples_add(&source->samples, &instruction->samples);
        annotate_samples_add(&function->samples, &instruction->samples);
    }
}

static size_t factor_of(const struct annotate_source *source)
{
    size_t factor = 0;
    while (factor < HAK_FACTOR_END && strcmp(watching_factor_names[factor], source->name) != 0)
        factor++;
    return factor;
}

/* Factors in their order, then the allocator's, then others. */
static int by_group_and_work(const void *a, const void *b)
{
    const struct annotate_source *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->group == COUNT_FACTOR && factor_of(x) != factor_of(y))
        return factor_of(x) < factor_of(y) ? -1 : 1;
    if (x->effects.instructions != y->effects.instructions)
        return x->effects.instructions > y->effects.instructions ? -1 : 1;
    return strcmp(x->name, y->name);
}

static bool fill_function(const struct annotate_code *code, struct annotate_tally *tally, size_t at,
                          struct annotate_function *function)
{
    const struct annotate_choice *choice = code->choice;
    const struct annotate_chosen *chosen = &choice->chosen[at];
    function->name = choice->all[chosen->parts[0]].name;
    function->calls = tally->functions[chosen->parts[0]].calls;
    function->spread = annotate_tally_spread(tally, at);
    if (!annotate_code_fill(code, chosen, function))
        return false;
    add_up(function);
    qsort(function->sources, function->source_count, sizeof *function->sources, by_group_and_work);
    return true;
}

bool annotate_functions_fill(struct annotate_report *report, const struct annotate_code *code,
                             struct annotate_tally *tally)
{
    size_t count = code->choice->count;
    report->functions = calloc(count + 1, sizeof *report->functions);
    while (report->functions && report->function_count < count) {
        size_t at = report->function_count++;
        if (!fill_function(code, tally, at, &report->functions[at]))
            return false;
    }
    return report->functions;
}

static bool fill_functions(struct annotate_report *report, const struct annotate_facts *facts)
{
    if (!annotate_functions_fill(report, facts->code, facts->tally))
        return false;
    for (size_t at = 0; at < report->function_count; at++) {
        if (!report->functions[at].effects.instructions && !report->functions[at].samples.count)
            annotate_note(report, "%s was neither executed in these calls nor sampled",
                          report->functions[at].name);
    }
    return true;
}

static int by_heat(const void *a, const void *b)
{
    const struct annotate_row *x = a, *y = b;
    if (x->samples.weight != y->samples.weight)
        return x->samples.weight > y->samples.weight ? -1 : 1;
    if (x->instructions != y->instructions)
        return x->instructions > y->instructions ? -1 : 1;
    return strcmp(x->name, y->name);
}

static bool fill_rows(struct annotate_report *report, const struct annotate_facts *facts)
{
    const struct annotate_choice *choice = facts->code->choice;
    size_t left_out;
    report->rows = calloc(choice->all_count + 1, sizeof *report->rows);
    if (!report->rows)
        return false;
    for (size_t i = 0; i < choice->all_count; i++) {
        const struct annotate_counts *counts = &facts->tally->functions[i];
        if (counts->executed || counts->samples.count)
            report->rows[report->row_count++] = (struct annotate_row){
                choice->all[i].name, counts->calls, counts->executed, counts->samples};
    }
    qsort(report->rows, report->row_count, sizeof *report->rows, by_heat);
    left_out = report->row_count > ROWS_MAX ? report->row_count - ROWS_MAX : 0;
    report->row_count -= left_out;
    if (left_out)
        annotate_note(report, "%zu functions less hot are left out", left_out);
    return true;
}

static void fill_sampling(struct annotate_report *report, const struct annotate_facts *facts)
{
    report->samples = facts->tally->samples;
    if (!facts->sampling->sampler)
        return;
    report->event = facts->sampling->event.name;
    report->frequency = (unsigned)facts->sampling->event.attr.sample_freq;
    report->lost = facts->totals->lost;
}

static void note_runs(struct annotate_report *report, const struct annotate_facts *facts)
{
    int first = launch_exit_code(facts->status), second = launch_exit_code(facts->sampled_status);
    if (report->head.stopped)
        annotate_note(report, "%" PRIu64 " of %" PRIu64 " calls: %s", report->head.calls,
                      report->head.wanted, report->head.stopped);
    if (facts->not_sampled && facts->options->samples)
        annotate_note(report, "no shares of time: %s", facts->not_sampled);
    else if (report->event && first != second)
        annotate_note(report, "the sampled run ended otherwise, with exit code %d", second);
    if (*facts->rights_note)
        annotate_note(report, "%s", facts->rights_note);
    if (report->event && report->samples.count < FEW_SAMPLES)
        annotate_note(report, "%" PRIu64 " samples say little: let the program run for seconds",
                      report->samples.count);
}

static void note_what_is_missing(struct annotate_report *report, const struct annotate_facts *facts)
{
    const struct allocator *allocator = facts->allocator;
    const struct count_places *places = facts->code->places;
    const char *package = attributor_debug_package(places->attributor);
    if (!places->has_debug_information)
        annotate_note(report,
                      "%s has no debug information%s%s%s: labels are its functions, and no source "
                      "lines are known",
                      allocator->library, package ? " (apt install " : "", package ? package : "",
                      package ? ")" : "");
    for (size_t i = 0; attributor_note(places->attributor, i); i++)
        annotate_note(report, "%s", attributor_note(places->attributor, i));
    if (!places->reader)
        annotate_note(report,
                      "no instructions, loads, stores and branches, only the places that were "
                      "executed: %s",
                      instruction_reader_remedy(places->reader_error));
    if (*facts->code->has_newer)
        annotate_note(report, "a source file is newer than %s: its lines may have moved",
                      allocator->library);
}

bool annotate_report_fill(struct annotate_report *report, const struct annotate_facts *facts)
{
    const struct annotate_options *options = facts->options;
    const struct allocator *allocator = facts->allocator;
    *report = (struct annotate_report){
        .head = stepped_head(&options->stepped, allocator, facts->header, facts->status),
        .instructions = facts->tally->instructions,
        .disassembled = facts->code->places->reader,
        .is_list = options->list,
    };
    fill_sampling(report, facts);
    note_runs(report, facts);
    if (!(options->list ? fill_rows(report, facts) : fill_functions(report, facts)))
        return false;
    note_what_is_missing(report, facts);
    return true;
}

void annotate_report_release(struct annotate_report *report)
{
    for (size_t i = 0; i < report->function_count; i++) {
        free(report->functions[i].parts);
        free(report->functions[i].instructions);
    }
    free(report->functions);
    free(report->rows);
    *report = (struct annotate_report){0};
}
