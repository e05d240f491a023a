/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attribute/attribute.h"
#include "watching_report.h"

static bool has_file(const struct watching_facts *facts, const char *path)
{
    char real[PATH_MAX];
    return facts->command && realpath(facts->command[0], real) && strcmp(real, path) == 0;
}

/* A program may have another allocator than that it was asked about, or more than one. */
static void note_allocators(struct report *report, const struct watching_facts *facts)
{
    const struct allocator *allocator = facts->allocator;
    const char *path, *other;
    bool is_missing = !report->attached.pid && allocator->preload &&
                      (report->event || allocator->is_hakmem) && !watching_was_loaded(facts);
    bool is_it = is_missing || !allocator->library[0];
    for (size_t i = 0; (other = attributor_other(facts->attributor, i, &path)); i++)
        report_note(report,
                    is_it ? "its malloc is %s%s: see the rows that begin with \"%s:\""
                          : "%s runs as well%s: see the rows that begin with \"%s:\"",
                    other, has_file(facts, path) ? ", which is linked into it" : "", other);
    if (is_missing)
        report_note(report, "%s was not loaded into %s (static or setuid?): its malloc is its own",
                    allocator->is_hakmem ? "libhakmem" : allocator->name, facts->command[0]);
    else if (!report->attached.pid && allocator->is_hakmem && !report->counted)
        report_note(report, "libhakmem was loaded but left no counters: no room for them in the "
                            "folder of temporary files, or the program runs as another user");
}

static void note_missing_debug_information(struct report *report,
                                           const struct watching_facts *facts)
{
    const char *library = facts->allocator->library;
    const char *package = attributor_debug_package(facts->attributor);
    if (package && !facts->has_code)
        report_note(report,
                    "%s's malloc is told from the rest of its library by debug information: apt "
                    "install %s",
                    facts->allocator->name, package);
    else if (package)
        report_note(report,
                    "%s has no debug information: functions whose names tell one step are told, "
                    "the rest is unknown: apt install %s",
                    library, package);
    else if (facts->allocator->is_hakmem && facts->has_code &&
             !attributor_has_debug_information(facts->attributor))
        report_note(report,
                    "libhakmem.so has neither debug information nor a note of sources that could "
                    "be read: they can't be told apart; build it with "
                    "-Dbuildtype=debugoptimized");
}

static void note_a_high_cost(struct report *report)
{
    const struct report_overhead *cost = &report->overhead;
    double switching = cost->switch_ns * (double)cost->switches / (1e9 * report->cpu_s);
    if (!report->overhead_measured || cost->total <= 1.5 * cost->budget)
        return;
    if (report->slow_path.every_call)
        report_note(report, "watching every call made the program slower: times and shares of this "
                            "report are of the slower one");
    else if (switching > cost->total / 2)
        report_note(report,
                    "watching cost more than its budget of %g %%, most of it at the program's %llu "
                    "context switches, where the kernel sets the sampling timer anew",
                    100 * cost->budget, (unsigned long long)cost->switches);
    else
        report_note(report,
                    "watching cost more than its budget of %g %% of a CPU time this short or of so "
                    "many events: --no-bpf or a lower --frequency costs less",
                    100 * cost->budget);
}

void watching_notes_fill(struct report *report, const struct watching_facts *facts)
{
    note_allocators(report, facts);
    if (report->brought)
        report_note(report,
                    "the program brings %s with it, which it ran on, not on glibc's malloc: that "
                    "is had by --with %s",
                    report->brought, facts->allocator->library);
    if (report->event && report->samples < 100)
        report_note(report,
                    "%llu samples are too few for shares; let the program run longer or "
                    "raise --frequency",
                    (unsigned long long)report->samples);
    if (report->event && !report->kernel_sampled)
        report_note(report,
                    "the kernel's part is known as a sum only (getrusage); for page faults "
                    "and system calls: sysctl kernel.perf_event_paranoid=1, or CAP_PERFMON");
    if (report->event)
        note_missing_debug_information(report, facts);
    for (size_t i = 0; attributor_note(facts->attributor, i); i++)
        report_note(report, "%s", attributor_note(facts->attributor, i));
    note_a_high_cost(report);
}
