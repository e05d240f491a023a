/* SPDX-License-Identifier: MIT */
#include "count_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "collect/launch.h"
#include "count_tally.h"
#include "stepped.h"
#include "watching_sources.h"

static void add_factors(struct count_report *report)
{
    for (int i = 0; i < HAK_FACTOR_END; i++) {
        struct count_source *factor = &report->sources[report->source_count++];
        factor->group = COUNT_FACTOR;
        factor->step = watching_factor_names[i];
        snprintf(factor->name, sizeof factor->name, "%s", watching_factor_names[i]);
    }
}

static void note_no_debug_information(struct count_report *report,
                                      const struct attributor *attributor,
                                      const struct allocator *allocator)
{
    const char *package = attributor_debug_package(attributor);
    if (allocator->is_hakmem)
        count_note(report, "%s has no debug information, nor a note of sources",
                   allocator->library);
    else
        count_note(report, "%s has no debug information%s%s%s: %s", allocator->library,
                   package ? " (apt install " : "", package ? package : "", package ? ")" : "",
                   attributor_lens(attributor) ? "what functions' names do not tell is unknown"
                                               : "sources are its functions");
}

static void note_own_allocators(struct count_report *report, const struct attributor *attributor)
{
    const char *path, *other;
    for (size_t i = 0; (other = attributor_other(attributor, i, &path)); i++)
        count_note(report, "its malloc is %s, in %s", other, path);
}

static void note_what_is_missing(struct count_report *report, const struct count_places *places,
                                 const struct allocator *allocator)
{
    if (report->head.stopped)
        count_note(report, "%" PRIu64 " of %" PRIu64 " calls: %s", report->head.calls,
                   report->head.wanted, report->head.stopped);
    if (places->is_own)
        note_own_allocators(report, places->attributor);
    else if (!count_places_has_mapped(places, allocator->library))
        count_note(report, "%s is not mapped in the program: another malloc was counted",
                   allocator->library);
    else if (places->attributor && !places->has_debug_information)
        note_no_debug_information(report, places->attributor, allocator);
    for (size_t i = 0; attributor_note(places->attributor, i); i++)
        count_note(report, "%s", attributor_note(places->attributor, i));
    if (!places->reader)
        count_note(report, "loads, stores and branches are not told apart: %s",
                   instruction_reader_remedy(places->reader_error));
    if (places->unread)
        count_note(report,
                   "instructions that could not be read, whose loads, stores and branches are "
                   "missing: %" PRIu64,
                   places->unread);
}

bool count_report_fill(struct count_report *report, struct step_file *file,
                       const struct count_facts *facts)
{
    const struct allocator *allocator = facts->allocator;
    struct count_places places = {
        .stepper = facts->stepper->library,
        .is_own = allocator->is_own,
        .attributor = attributor_create(allocator->is_own ? NULL : allocator->library)};
    report->head = stepped_head(&facts->options->stepped, allocator, &file->header, facts->status);
    report->head.calls = 0; /* the tally counts them */
    if (!places.attributor)
        count_note(report, "%s: %s: sources are the libraries", allocator->library,
                   strerror(errno));
    if (allocator->is_hakmem)
        add_factors(report);
    bool done = count_places_start(&places, file) &&
                count_tally(&places, file, !allocator->is_hakmem, report);
    int error = errno;
    report->disassembled = places.reader;
    if (done)
        note_what_is_missing(report, &places, allocator);
    count_places_finish(&places);
    attributor_destroy(places.attributor);
    errno = error;
    return done;
}
