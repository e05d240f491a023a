/* SPDX-License-Identifier: MIT */
#include "heap_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/clock.h"
#include "commands.h"

/* Reading debug information takes its time: of the paths at the head of each list, for so long. */
enum { PATHS_WITH_LINES = 20 };
#define LINES_S     3.0
#define ALL_LINES_S 20.0

_Static_assert(HEAP_FRAMES_MAX <= 256, "as many as are unwound");

static bool take(void *context, const struct follow_sample *sample, pid_t pid,
                 const uint64_t *addresses, size_t count)
{
    struct heap_run *run = context;
    size_t path = heap_paths_find(&run->paths, run->files.attributor, pid, addresses, count);
    return heap_tally_add(&run->tally, path, sample);
}

static void end_image(void *context, bool has_ended)
{
    struct heap_run *run = context;
    heap_tally_end_image(&run->tally, has_ended, (uint64_t)(1e9 * clock_seconds()));
}

int heap_run_prepare(struct heap_run *run, const char *with, const struct allocator *allocator)
{
    const char *parent = getenv("TMPDIR");
    run->folder.descriptor = -1;
    if (!run->interval)
        return 0;
    if (!allocator->is_hakmem && !strchr(with, '/')) {
        complain("run: --heap takes hakmem, which samples its own blocks; of %s, see "
                 "hakmem-trace callers",
                 allocator->name);
        return EXIT_USAGE;
    }
    parent = parent && *parent ? parent : "/tmp";
    if (trace_folder_create(&run->folder, parent, NULL) != 0) {
        complain("run: %s: %s", parent, strerror(errno));
        return EXIT_TOOL_FAILED;
    }
    run->files = (struct sampled_files){
        .magic = FOLLOW_HEAP_MAGIC,
        .suffix = ".heap",
        .folder = &run->folder,
        .attributor = attributor_create(allocator->library),
        .take = take,
        .end_image = end_image,
        .context = run,
        .most_frames = HEAP_FRAMES_MAX,
    };
    if (run->files.attributor && heap_paths_start(&run->paths))
        return 0;
    complain("run: no heap: %s", strerror(errno));
    return EXIT_TOOL_FAILED;
}

bool heap_run_tell(const struct heap_run *run, struct environment *environment)
{
    char interval[24];
    if (!run->interval)
        return true;
    snprintf(interval, sizeof interval, "%ju", (uintmax_t)run->interval);
    return environment_set(environment, "HAKMEM_HEAP_DIR", run->folder.path) &&
           environment_set(environment, "HAKMEM_HEAP_SAMPLE", interval);
}

void heap_run_tick(struct heap_run *run)
{
    if (run->interval)
        sampled_files_take(&run->files, false);
}

static void find_lines(struct heap_run *run)
{
    const struct heap_report *report = &run->report;
    double end = clock_seconds() + (run->finds_all_lines ? ALL_LINES_S : LINES_S);
    size_t ranks = run->finds_all_lines ? report->path_count : PATHS_WITH_LINES;
    for (size_t rank = 0; rank < ranks; rank++) {
        for (int when = 0; when < HEAP_WHENS; when++) {
            if (rank >= report->by_count[when])
                continue;
            const struct heap_path *path = &report->paths[report->by[when][rank]];
            for (size_t i = 0; i < path->frame_count && clock_seconds() < end; i++)
                heap_paths_find_lines(&run->paths, run->files.attributor, path->frames[i]);
        }
    }
}

/* The report gets copies of the tables. */
static bool copy_tables(struct heap_run *run)
{
    struct heap_paths *paths = &run->paths;
    struct heap_report *report = &run->report;
    report->paths = calloc(paths->path_count, sizeof *report->paths);
    if (!report->paths)
        return false;
    memcpy(report->paths, paths->paths, paths->path_count * sizeof *report->paths);
    report->path_count = paths->path_count;
    return true;
}

/* When lines were looked for: they end up in the report. */
static bool copy_frames(struct heap_run *run)
{
    const struct heap_paths *paths = &run->paths;
    struct heap_report *report = &run->report;
    report->frames = calloc(paths->frame_count + 1, sizeof *report->frames);
    if (!report->frames)
        return false;
    for (size_t i = 0; i < paths->frame_count; i++) {
        report->frames[i] = paths->frames[i];
        if (!report->frames[i].lines)
            report->frames[i].lines = &paths->symbols[i];
    }
    report->frame_count = paths->frame_count;
    return true;
}

static void write_notes(struct heap_run *run)
{
    const struct sampled_files *files = &run->files;
    struct heap_report *report = &run->report;
    if (!files->samples)
        heap_note(report, "no block was sampled: fewer bytes were handed out than the interval, or "
                          "libhakmem was not loaded (static or setuid?)");
    if (files->lost)
        heap_note(report,
                  "%ju blocks could not be sampled (no room for more live ones, or no memory): "
                  "estimates are too low by what they stand for",
                  (uintmax_t)files->lost);
    if (files->unreadable)
        heap_note(report, "%ju programs left no samples that can be read: no room in $TMPDIR?",
                  (uintmax_t)files->unreadable);
    if (files->stopped)
        heap_note(report,
                  "%ju programs stopped writing samples before their end: %s; estimates are of "
                  "what came before",
                  (uintmax_t)files->stopped,
                  files->why_stopped > 0 ? strerror(files->why_stopped)
                                         : "that was as many as are kept");
    if (files->skipped)
        heap_note(report, "%ju samples were left out: more than %d in all",
                  (uintmax_t)files->skipped, (int)SAMPLED_FILES_MOST);
    for (size_t i = 0; attributor_note(files->attributor, i); i++)
        heap_note(report, "%s", attributor_note(files->attributor, i));
}

const struct heap_report *heap_run_report(struct heap_run *run, double start)
{
    struct heap_report *report = &run->report;
    if (!run->interval)
        return NULL;
    sampled_files_take(&run->files, true);
    report->interval = run->interval;
    report->start_s = start;
    report->programs = run->files.programs;
    report->lost = run->files.lost;
    bool done =
        !run->files.no_memory && copy_tables(run) && heap_tally_measure(&run->tally, report);
    if (done)
        find_lines(run);
    if (!done || !copy_frames(run)) {
        complain("run: no heap: %s", strerror(ENOMEM));
        return NULL;
    }
    write_notes(run);
    return report;
}

void heap_run_finish(struct heap_run *run)
{
    if (!run->interval)
        return;
    heap_report_finish(&run->report);
    heap_tally_finish(&run->tally);
    heap_paths_finish(&run->paths);
    attributor_destroy(run->files.attributor);
    trace_folder_remove(&run->folder);
}
