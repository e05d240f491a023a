/* SPDX-License-Identifier: MIT */
#include "run_code.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Kernel samples have no place here: malloc and free call the kernel on their slow paths alone. */
static void take(void *context, const struct profile_place *place)
{
    struct annotate_tally *tally = context;
    const struct annotate_samples these = {place->samples, (uint64_t)place->weight};
    if (place->in_kernel)
        return;
    const struct attribution *found =
        attributor_resolve_place(tally->attributor, place->path, place->offset);
    if (found->domain == ATTRIBUTED_ALLOCATOR && !found->other)
        annotate_tally_sampled(tally, place->offset, &these);
}

void run_code_start(struct run_code *code, const struct allocator *allocator,
                    struct profile *profile)
{
    char why[256];
    if (!allocator->is_hakmem || !profile->attributor ||
        !annotate_choice_start(&code->choice, profile->attributor))
        return;
    if (!annotate_choice_add(&code->choice, profile->attributor, "malloc", why, sizeof why) ||
        !annotate_choice_add(&code->choice, profile->attributor, "free", why, sizeof why) ||
        !annotate_tally_start(&code->tally, profile->attributor, &code->choice))
        return;
    code->is_started = true;
    profile->on_place = take;
    profile->on_place_context = &code->tally;
}

static bool fill(struct run_code *code, const struct allocator *allocator, struct stat *library)
{
    const struct annotate_code written = {.choice = &code->choice,
                                          .tally = &code->tally,
                                          .places = &code->places,
                                          .library = allocator->library,
                                          .built = library->st_mtime,
                                          .has_newer = &code->has_newer};
    code->places.attributor = code->tally.attributor;
    code->places.stepper = ""; /* there is none */
    return count_places_start_file(&code->places, allocator->library, (uint64_t)library->st_size) &&
           annotate_functions_fill(&code->report, &written, &code->tally);
}

void run_code_report(struct run_code *code, const struct allocator *allocator,
                     const struct profile *profile, struct report *report)
{
    struct stat library = {0};
    if (!code->is_started || !report->samples)
        return;
    if (stat(allocator->library, &library) != 0 || !fill(code, allocator, &library)) {
        report_note(report, "no instructions of malloc and free: %s", strerror(errno));
        return;
    }
    code->report.event = report->event;
    code->report.frequency = report->frequency;
    code->report.disassembled = code->places.reader;
    code->report.samples = (struct annotate_samples){report->samples, (uint64_t)profile->weight};
    for (size_t i = 0; i < code->report.function_count; i++) {
        if (code->report.functions[i].samples.count)
            report->code = &code->report;
    }
}

void run_code_finish(struct run_code *code)
{
    annotate_report_release(&code->report);
    count_places_finish(&code->places);
    annotate_tally_finish(&code->tally);
    annotate_choice_finish(&code->choice);
}
