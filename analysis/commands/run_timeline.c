/* SPDX-License-Identifier: MIT */
#include "run_timeline.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"
#include "report/formats/chrome_trace.h"
#include "report/heap_model.h"

_Static_assert((int)SLOW_PATH_KINDS <= (int)TIMELINE_KEYS_MOST, "each kind has a key");

/* Seconds between two readings of the slow paths, at least. */
#define SLOW_PATH_EVERY_S 0.02

/* Samples of a thread that a bin has room for, at least. */
#define BIN_SAMPLES 4.0

int run_timeline_open(struct run_timeline *run, const char *path)
{
    profile_times_start(&run->times);
    if (!path || output_open(&run->output, path) == 0) {
        run->path = path;
        return 0;
    }
    complain("%s: %s", path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

void run_timeline_watch(struct run_timeline *run, struct watching *watching)
{
    if (!run->path)
        return;
    watching->times = &run->times;
    run->counts = timeline_track(&run->times.timeline, "slow path: events per second");
    run->busy = timeline_track(&run->times.timeline, "slow path: threads at work in it");
    run->counts->is_rate = run->busy->is_rate = true;
    run->counts->key_count = run->busy->key_count = SLOW_PATH_KINDS;
    run->counts->every_s = run->busy->every_s = SLOW_PATH_EVERY_S;
    for (int i = 0; i < SLOW_PATH_KINDS; i++)
        run->counts->keys[i] = run->busy->keys[i] = slow_path_names[i];
}

void run_timeline_began(struct run_timeline *run, const struct watching *watching, double began_s)
{
    double frequency = (double)watching->event.attr.sample_freq;
    struct timeline *timeline = &run->times.timeline;
    if (frequency > 0)
        timeline->bin_s = fmax(timeline->bin_s, BIN_SAMPLES / frequency);
    timeline->began_s = began_s;
    if (run->path && watching->slow_path) {
        timeline_point(run->counts, 0, (const double[SLOW_PATH_KINDS]){0});
        timeline_point(run->busy, 0, (const double[SLOW_PATH_KINDS]){0});
    }
}

/* NAN, which is not shown, of what was not watched; time of what has none. */
static void add_slow_path(struct run_timeline *run, const struct slow_path_report *seen,
                          double at_s)
{
    double counts[SLOW_PATH_KINDS], busy[SLOW_PATH_KINDS];
    for (int i = 0; i < SLOW_PATH_KINDS; i++) {
        const struct slow_path_events *events = &seen->kind[i];
        counts[i] = events->watched ? (double)events->count : NAN;
        busy[i] = events->watched && events->timed ? 1e-9 * (double)events->total : NAN;
    }
    timeline_point(run->counts, at_s, counts);
    timeline_point(run->busy, at_s, busy);
}

void run_timeline_tick(struct run_timeline *run, struct watching *watching)
{
    static struct slow_path_report seen;
    double at_s = clock_seconds() - run->times.timeline.began_s;
    if (!run->path || !watching->slow_path || !timeline_is_due(run->counts, at_s))
        return;
    memset(&seen, 0, sizeof seen);
    slow_path_read(watching->slow_path, &seen);
    add_slow_path(run, &seen, at_s);
    slow_path_forget(&seen);
}

static struct timeline_track *track_of_bytes(struct timeline *timeline, const char *name)
{
    struct timeline_track *track = timeline_track(timeline, name);
    track->keys[0] = "bytes";
    track->key_count = 1;
    track->every_s = 0;
    return track;
}

static void add_heap(struct timeline *timeline, const struct heap_report *heap)
{
    struct timeline_track *track = track_of_bytes(timeline, "sampled live memory");
    for (size_t i = 0; i < heap->moment_count; i++)
        timeline_point(track, heap->moments[i].at_s, &heap->moments[i].bytes);
}

static void add_memory(struct timeline *timeline, const struct report *report)
{
    static const char *const names[] = {"resident memory", "live memory", "retained memory"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && report->moment_count; i++) {
        struct timeline_track *track = track_of_bytes(timeline, names[i]);
        for (size_t k = 0; k < report->moment_count; k++) {
            const struct report_moment *moment = &report->moments[k];
            const double values[] = {moment->resident, moment->live, moment->retained};
            timeline_point(track, moment->at_s, &values[i]);
        }
    }
}

/* Weights are as the report's shares: of the part of the processor time that samples tell of. */
static double unit_ns(const struct watching *watching)
{
    double part = 0;
    const struct report *report = &watching->report;
    for (size_t i = 0; i < report->source_count; i++) {
        if (!isnan(report->sources[i].ci_low))
            part += report->sources[i].share;
    }
    double weight = watching->profile.weight;
    return weight > 0 && part > 0 ? 1e9 * part * report->cpu_s / weight : 0;
}

int run_timeline_write(struct run_timeline *run, const struct watching *watching, int pid, int code)
{
    struct timeline *timeline = &run->times.timeline;
    if (!run->path)
        return code;
    timeline->unit_ns = unit_ns(watching);
    run->counts->every_s = run->busy->every_s = 0; /* the end is always due */
    if (watching->report.slow_path.watched)
        add_slow_path(run, &watching->slow_path_report, watching->report.wall_s);
    add_memory(timeline, &watching->report);
    if (watching->report.heap)
        add_heap(timeline, watching->report.heap);
    int error = chrome_trace_print(timeline, pid, watching->report.command, run->output.stream) != 0
                    ? errno
                    : 0;
    if (error)
        output_abandon(&run->output);
    else if (output_commit(&run->output) == 0)
        return code;
    complain("%s: %s", run->path, strerror(error ? error : errno));
    return code ? code : EXIT_TOOL_FAILED;
}

void run_timeline_close(struct run_timeline *run)
{
    output_abandon(&run->output);
    profile_times_finish(&run->times);
}
