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
        snprintf(factor->name, sizeof factor->name, "%s", watching_factor_names[i]);
    }
}

static void note_what_is_missing(struct count_report *report, const struct count_places *places,
                                 const struct allocator *allocator)
{
    if (report->head.stopped)
        count_note(report, "%" PRIu64 " of %" PRIu64 " calls: %s", report->head.calls,
                   report->head.wanted, report->head.stopped);
    if (!count_places_has_mapped(places, allocator->library))
        count_note(report, "%s is not mapped in the program: another malloc was counted",
                   allocator->library);
    else if (places->attributor && !places->has_debug_information)
        count_note(report, "%s has no debug information%s: sources are its functions",
                   allocator->library,
                   allocator->is_glibc    ? " (apt install libc6-dbg)"
                   : allocator->is_hakmem ? ", nor a note of sources"
                                          : "");
    for (size_t i = 0; places->attributor && attributor_note(places->attributor, i); i++)
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
    struct count_places places = {.stepper = facts->stepper->library,
                                  .is_glibc = allocator->is_glibc,
                                  .attributor = attributor_create(allocator->library)};
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
