/* SPDX-License-Identifier: MIT */
#include "sampled_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/clock.h"
#include "collect/code_maps.h"
#include "collect/follow_file.h"
#include "compare_progress.h"

_Static_assert((int)FOLLOW_REGISTERS == (int)UNWIND_REGISTERS, "the same registers");

/* While a program runs its samples of time want to be read. */
#define MEANWHILE_S 0.02

enum {
    TEXT_BYTES_MAX = 64 << 20, /* of all the mappings that one file may tell of */
    FRAMES_MAX = 256,
};

/* What was mapped at some time. */
struct snapshot {
    struct follow_maps *maps;
    size_t bytes;
};

struct image {
    struct sampled_files *files;
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
    struct sampled_files *files = image->files;
    uint64_t addresses[FRAMES_MAX];
    if (files->samples >= SAMPLED_FILES_MOST) {
        files->skipped++;
        return;
    }
    files->samples++;
    use_snapshot(image, snapshot_for(image, sample->time));
    const struct unwind_input input = {
        .registers = sample->registers, .stack = sample->stack, .stack_bytes = sample->stack_bytes};
    pid_t pid = image->file.header.pid;
    size_t most = files->most_frames < FRAMES_MAX ? files->most_frames : FRAMES_MAX;
    size_t count = attributor_unwind(files->attributor, pid, &input, addresses, most);
    files->no_memory |= !files->take(files->context, sample, pid, addresses, count);
}

static void read_image(struct image *image, bool has_ended)
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
    image->files->lost += image->file.header.lost;
    if (image->files->end_image)
        image->files->end_image(image->files->context, has_ended);
    if (image->file.header.stopped) {
        image->files->stopped++;
        image->files->why_stopped = image->file.header.stopped;
    }
}

static void take_file(struct sampled_files *files, const char *name, bool has_ended)
{
    struct image *image = calloc(1, sizeof *image);
    int descriptor = openat(files->folder->descriptor, name,
                            O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (image && descriptor >= 0 && follow_file_open(&image->file, descriptor, files->magic)) {
        image->files = files;
        files->images++;
        image->current = SIZE_MAX;
        read_image(image, has_ended);
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

/* `<pid>.<n><suffix>` */
static bool is_ours(const struct sampled_files *files, const char *name, pid_t *pid)
{
    int number, length = -1;
    return sscanf(name, "%d.%d%n", pid, &number, &length) == 2 && length > 0 &&
           strcmp(name + length, files->suffix) == 0 && *pid > 0;
}

static bool has_ended(pid_t pid)
{
    return kill(pid, 0) != 0 && errno == ESRCH;
}

static void start_progress(const struct sampled_files *files, struct compare_progress *progress,
                           DIR *listing)
{
    size_t count = 0;
    pid_t pid;
    for (struct dirent *entry; (entry = readdir(listing));)
        count += is_ours(files, entry->d_name, &pid);
    rewinddir(listing);
    compare_progress_start(progress, count + 1);
    progress->unit = "programs";
}

void sampled_files_take(struct sampled_files *files, bool all)
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
        start_progress(files, &progress, listing);
    for (struct dirent *entry; (entry = readdir(listing));) {
        pid_t pid;
        if (!is_ours(files, entry->d_name, &pid))
            continue;
        bool ended = has_ended(pid);
        if (!all && !ended)
            continue;
        take_file(files, entry->d_name, ended);
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
