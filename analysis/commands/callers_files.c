/* SPDX-License-Identifier: MIT */
#include "callers_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callers_time.h"
#include "collect/clock.h"
#include "collect/code_maps.h"
#include "collect/follow_file.h"
#include "compare_progress.h"

_Static_assert((int)FOLLOW_REGISTERS == (int)UNWIND_REGISTERS, "the same registers");

/* While a program runs its samples of time want to be read. */
#define MEANWHILE_S 0.02

enum { TEXT_BYTES_MAX = 64 << 20 }; /* of all the mappings that one file may tell of */

/* What was mapped at some time. */
struct snapshot {
    struct follow_maps *maps;
    size_t bytes;
};

struct image {
    struct callers_files *files;
    struct follow_file file;
    struct snapshot *snapshots; /* in the order of time */
    size_t snapshot_count, snapshot_capacity, text_bytes;
    size_t current; /* whose mappings the attributor has, SIZE_MAX: none */
};

static void keep_snapshot(struct image *image, const struct follow_maps *maps)
{
    size_t bytes = maps->record.bytes;
    if (bytes > TEXT_BYTES_MAX - image->text_bytes)
        return;
    if (image->snapshot_count == image->snapshot_capacity) {
        size_t wider = 2 * image->snapshot_capacity + 16;
        void *moved = reallocarray(image->snapshots, wider, sizeof *image->snapshots);
        if (!moved)
            return;
        image->snapshots = moved;
        image->snapshot_capacity = wider;
    }
    struct follow_maps *copy = malloc(bytes + 1);
    if (!copy)
        return;
    memcpy(copy, maps, bytes);
    copy->text[maps->text_bytes] = '\0';
    image->text_bytes += bytes;
    image->snapshots[image->snapshot_count++] = (struct snapshot){copy, maps->text_bytes};
}

/* A library is told of at the next look: the first one after the sample knows it, unless it is
 * gone by then. */
static size_t snapshot_for(const struct image *image, uint64_t time)
{
    size_t at = 0;
    while (at + 1 < image->snapshot_count && image->snapshots[at].maps->time < time)
        at++;
    return at;
}

static void use_snapshot(struct image *image, size_t at)
{
    struct attributor *attributor = image->files->attributor;
    struct code_mapping mapping;
    pid_t pid = image->file.header.pid;
    struct snapshot *snapshot = &image->snapshots[at];
    char *text = at == image->current || at >= image->snapshot_count
                     ? NULL
                     : strndup(snapshot->maps->text, snapshot->bytes);
    if (!text)
        return;
    attributor_exec(attributor, pid);
    for (size_t place = 0; code_maps_next(text, snapshot->bytes, &place, &mapping);)
        attributor_map(attributor, pid, mapping.start, mapping.length, mapping.offset,
                       mapping.path);
    image->current = at;
    free(text);
}

static void take_sample(struct image *image, const struct follow_sample *sample)
{
    struct callers_files *files = image->files;
    uint64_t addresses[CALLERS_STACK_FRAMES];
    if (files->tally->call_count >= CALLERS_SAMPLES_MAX) {
        files->skipped++;
        return;
    }
    use_snapshot(image, snapshot_for(image, sample->time));
    const struct unwind_input input = {
        .registers = sample->registers, .stack = sample->stack, .stack_bytes = sample->stack_bytes};
    pid_t pid = image->file.header.pid;
    size_t count =
        attributor_unwind(files->attributor, pid, &input, addresses, CALLERS_STACK_FRAMES);
    size_t path = callers_paths_find(files->paths, files->attributor, pid, addresses, count);
    if (!callers_tally_call(files->tally, path, sample)) {
        files->no_memory = true;
        return;
    }
    callers_stack_add_call(
        callers_stacks_find(files->stacks, files->paths, files->attributor, pid, addresses, count),
        &files->tally->calls[files->tally->call_count - 1]);
}

static void read_image(struct image *image)
{
    struct follow_record *record;
    uint64_t samples = 0;
    while ((record = follow_file_next(&image->file))) {
        if (record->kind == FOLLOW_MAPS)
            keep_snapshot(image, (const void *)record);
    }
    follow_file_rewind(&image->file);
    while ((record = follow_file_next(&image->file))) {
        if (record->kind != FOLLOW_SAMPLE)
            continue;
        take_sample(image, (const void *)record);
        samples++;
    }
    image->files->programs += samples > 0;
    if (image->file.header.stopped) {
        image->files->stopped++;
        image->files->why_stopped = image->file.header.stopped;
    }
}

static void take_file(struct callers_files *files, const char *name)
{
    struct image *image = calloc(1, sizeof *image);
    int descriptor = openat(files->folder->descriptor, name,
                            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (image && descriptor >= 0 && follow_file_open(&image->file, descriptor)) {
        image->files = files;
        files->images++;
        image->current = SIZE_MAX;
        read_image(image);
        attributor_exec(files->attributor, image->file.header.pid);
    } else {
        files->unreadable++;
    }
    for (size_t i = 0; image && i < image->snapshot_count; i++)
        free(image->snapshots[i].maps);
    if (image) {
        free(image->snapshots);
        follow_file_close(&image->file);
    }
    if (descriptor >= 0)
        close(descriptor);
    free(image);
    unlinkat(files->folder->descriptor, name, 0);
}

/* `<pid>.<n>.follow` */
static bool is_ours(const char *name, pid_t *pid)
{
    int number, length = -1;
    return sscanf(name, "%d.%d.follow%n", pid, &number, &length) == 2 && length > 0 &&
           name[length] == '\0' && *pid > 0;
}

static bool is_due(const char *name, bool all)
{
    pid_t pid;
    return is_ours(name, &pid) && (all || (kill(pid, 0) != 0 && errno == ESRCH));
}

static void start_progress(struct compare_progress *progress, DIR *listing)
{
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(listing));)
        count += is_due(entry->d_name, true);
    rewinddir(listing);
    compare_progress_start(progress, count + 1);
    progress->unit = "programs";
}

void callers_files_take(struct callers_files *files, bool all)
{
    struct compare_progress progress;
    double start = clock_seconds();
    int copy = openat(files->folder->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (!listing) {
        if (copy >= 0)
            close(copy);
        return;
    }
    if (all)
        start_progress(&progress, listing);
    for (struct dirent *entry; (entry = readdir(listing));) {
        if (!is_due(entry->d_name, all))
            continue;
        take_file(files, entry->d_name);
        if (all) {
            progress.done++;
            compare_progress_show(&progress);
        } else if (clock_seconds() - start > MEANWHILE_S)
            break;
    }
    if (all)
        compare_progress_clear(&progress);
    closedir(listing);
}
