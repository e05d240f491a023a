/* SPDX-License-Identifier: MIT */
#include "watching.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collect/clock.h"
#include "collect/trusted_file.h"
#include "sampling.h"
#include "watching_slow_path.h"

/* Programs start with a storm of slow paths, and a short one ends with it; a long one is not woken
 * often. */
enum { FIRST_TICKS = 8, FIRST_TICK_MS = 4, TICK_MS = 50, TIDY_MS = 500 };

/* What watching may cost in all, percent of the program's processor time, and how that is shared
 * out; the rest is for this tool's own work. */
#define BUDGET            1.0
#define PART_OF_SAMPLES   0.5
#define PART_OF_SLOW_PATH 0.25
#define PART_OF_LOOKS     0.1
#define PART_OF_SERIES    0.05
#define PART_OF_CALLERS   0.2 /* where a page is wanted */

/* A fraction of the processor time. */
static double budget_of(const struct watching *watching, double part)
{
    double percent = watching->options->budget > 0 ? watching->options->budget : BUDGET;
    return part * percent / 100;
}

static void start_sampler(struct watching *watching, pid_t pid, bool running)
{
    char why[256];
    struct sampler_sink sink = profile_sink(&watching->profile);
    struct sampling sampling = {0};
    const struct sampling_wish wish = {
        .frequency = watching->options->frequency,
        .budget = budget_of(watching, PART_OF_SAMPLES),
        .costs = true,
        .running = running,
        .aggregate =
            watching->options->aggregate == SAMPLING_AGGREGATE_AUTO && !watching->options->bpf
                ? SAMPLING_AGGREGATE_NO
                : watching->options->aggregate,
    };
    if (!sampling_open(&sampling, pid, &wish, &sink, why, sizeof why))
        report_note(&watching->report, "no time by source: %s", why);
    if (sampling.highest)
        report_note(&watching->report,
                    "sampled at %u Hz: the kernel allows no more "
                    "(kernel.perf_event_max_sample_rate)",
                    sampling.highest);
    if (sampling.one_by_one[0])
        report_note(&watching->report, "samples were not aggregated in the kernel: %s",
                    sampling.one_by_one);
    watching->event = sampling.event;
    watching->overhead = sampling.overhead;
    watching->sampler = sampling.sampler;
    watching->is_aggregated = sampling.is_aggregated;
}

double watching_budget_of_callers(const struct watching *watching)
{
    return budget_of(watching, PART_OF_CALLERS);
}

double watching_own_cpu_seconds(const struct watching *watching)
{
    double reader = watching->attributor ? attributor_cpu_seconds(watching->attributor) : 0;
    return reader + clock_cpu_seconds(RUSAGE_SELF);
}

bool watching_drop_rights(struct watching *watching, struct watcher_rights *rights)
{
    char note[WATCHER_NOTE];
    rights->reads_maps = watching->slow_path || watching->is_aggregated;
    if (!watcher_rights_drop(rights, note))
        return false;
    if (note[0])
        report_note(&watching->report, "%s", note);
    return true;
}

static void start_attributor(struct watching *watching)
{
    const struct allocator *allocator = watching->allocator;
    const char *library =
        allocator->library[0] && !watching->is_program ? allocator->library : NULL;
    watching->attributor = attributor_create(library);
    if (!watching->attributor)
        report_note(&watching->report, "%s: %s: its time counts as the application's", library,
                    strerror(errno));
    else if (library && watching->mapped &&
             attributor_name(watching->attributor, watching->mapped) != 0)
        report_note(&watching->report, "%s: %s", library, strerror(errno));
    profile_start(&watching->profile, watching->attributor, watching->counted,
                  watching->mapped ? watching->mapped : allocator->library);
    watching->profile.times = watching->times;
    watching->has_code = watching->attributor && attributor_is_separated(watching->attributor);
}

static void watch_every_call(struct watching *watching)
{
    char why[256] = "";
    double ns = slow_path_every_call(watching->slow_path, why);
    if (ns >= 0)
        announce_every_call(ns);
    else
        report_note(&watching->report, "not every call is watched: %s", why);
}

/* The path to read the library by. */
static bool find_probes(struct watching *watching, char path[PATH_MAX], char why[256])
{
    const char *library = watching->allocator->library;
    if (!watching->mapped) {
        snprintf(path, PATH_MAX, "%s", library);
        return true;
    }
    int file = trusted_file_open(library, why, 256);
    if (file < 0)
        return false;
    watching->library = file;
    snprintf(path, PATH_MAX, "/proc/self/fd/%d", file);
    return true;
}

static void start_slow_path(struct watching *watching, pid_t pid)
{
    char why[256] = "", path[PATH_MAX];
    const struct allocator *allocator = watching->allocator;
    if (watching->options->every_call && !allocator->is_hakmem)
        report_note(&watching->report, "not every call is watched: %s has no probes of hakmem",
                    allocator->name);
    if (!allocator->is_hakmem || !watching->options->bpf)
        return;
    if (!allocator->library[0]) {
        report_note(&watching->report, "no slow-path events: the library's file can't be read here "
                                       "(it was removed, or is another user's)");
        return;
    }
    if (find_probes(watching, path, why))
        watching->slow_path =
            slow_path_attach(path, pid, budget_of(watching, PART_OF_SLOW_PATH), why);
    if (!watching->slow_path)
        report_note(&watching->report, "no slow-path events: %s", why);
    else if (watching->options->every_call)
        watch_every_call(watching);
}

static void start(struct watching *watching, pid_t pid, bool running)
{
    watching->memory.counted = watching->counted;
    watching->memory.share = budget_of(watching, PART_OF_LOOKS);
    watching->series.counted = watching->counted;
    watching->series.root = pid;
    watching->series.share = budget_of(watching, PART_OF_SERIES);
    start_attributor(watching);
    start_slow_path(watching, pid);
    start_sampler(watching, pid, running); /* last: of what runs already, samples come at once */
    watching->cpu_before = watching_own_cpu_seconds(watching);
}

void watching_start(struct watching *watching, pid_t pid)
{
    start(watching, pid, false);
    if (watching->sampler)
        sampler_start(watching->sampler);
}

void watching_start_running(struct watching *watching, const pid_t *processes, size_t count)
{
    watching->ticks = FIRST_TICKS; /* its storm is over */
    start(watching, processes[0], true);
    for (size_t i = 1; watching->slow_path && i < count; i++)
        slow_path_watch(watching->slow_path, processes[i]);
}

int watching_tick(struct watching *watching)
{
    if (watching->sampler)
        sampler_read(watching->sampler);
    if (watching->slow_path)
        slow_path_tick(watching->slow_path);
    memory_watch_tick(&watching->memory);
    memory_series_tick(&watching->series);
    return ++watching->ticks < FIRST_TICKS ? FIRST_TICK_MS : TICK_MS;
}

bool watching_is_time_to_tidy(const struct watching *watching)
{
    return watching->ticks % (TIDY_MS / TICK_MS) == 0;
}

void watching_stop_sampling(struct watching *watching)
{
    double begin = clock_seconds();
    if (!watching->sampler)
        return;
    sampler_finish(watching->sampler, &watching->sampled);
    sampler_close(watching->sampler);
    watching->sampler = NULL;
    watching->has_samples = true;
    watching->detach_s += clock_seconds() - begin;
}

static void stop_slow_path(struct watching *watching, struct watching_facts *facts)
{
    double begin = clock_seconds();
    if (!watching->slow_path)
        return;
    slow_path_finish(watching->slow_path, &watching->slow_path_report);
    watching->slow_path = NULL;
    watching->detach_s += clock_seconds() - begin;
    facts->slow_path = &watching->slow_path_report;
}

void watching_finish(struct watching *watching, struct watching_facts *facts)
{
    facts->tool_cpu_s = watching_own_cpu_seconds(watching) - watching->cpu_before;
    watching_stop_sampling(watching);
    stop_slow_path(watching, facts);
    if (watching->has_samples) {
        facts->sampled = watching->sampled;
        facts->event = &watching->event;
        facts->overhead = &watching->overhead;
    }
    profile_name(&watching->profile);
    facts->has_code = watching->has_code;
    facts->allocator = watching->allocator;
    facts->memory = &watching->memory;
    facts->series = &watching->series;
    facts->budget = budget_of(watching, 1);
    facts->profile = &watching->profile;
    facts->attributor = watching->attributor;
}

void watching_close(struct watching *watching)
{
    if (watching->slow_path)
        slow_path_finish(watching->slow_path, &watching->slow_path_report);
    slow_path_forget(&watching->slow_path_report);
    sampler_close(watching->sampler);
    profile_finish(&watching->profile);
    attributor_destroy(watching->attributor);
    if (watching->library > 0)
        close(watching->library);
}
