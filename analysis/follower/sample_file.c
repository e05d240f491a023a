/* SPDX-License-Identifier: MIT */
#include "sample_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "recorder/own_files.h"
#include "stepper/own_process.h"

enum { IMAGES_MAX = 100, MAPS_PART = 100, MAPS_APART_NS = 50000000 };

bool sample_file_start(struct sample_file *file, const char *folder)
{
    int pid = (int)syscall(SYS_getpid);
    file->records = own_memory(FOLLOW_BYTES_MAX, PROT_NONE);
    for (int image = 0; file->records && image < IMAGES_MAX && !file->header; image++) {
        snprintf(file->path, sizeof file->path, "%s/%d.%d.follow", folder, pid, image);
        file->header = own_map(file->path, O_CREAT | O_EXCL, NULL, 0, FOLLOW_RECORDS_AT);
        if (!file->header && errno != EEXIST)
            break;
    }
    if (!file->header)
        return false;
    /* The folder is its reader's alone, who may be another user than the program's. */
    syscall(SYS_fchmodat, AT_FDCWD, file->path, 0644);
    file->header->version = FOLLOW_VERSION;
    file->header->pid = pid;
    own_executable(file->header->program, sizeof file->header->program);
    memcpy(file->header->magic, FOLLOW_MAGIC, sizeof file->header->magic);
    return true;
}

void sample_file_stop(struct sample_file *file, int why)
{
    int32_t none = FOLLOW_RUNNING;
    __atomic_compare_exchange_n(&file->header->stopped, &none, why, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

bool sample_file_has_stopped(const struct sample_file *file)
{
    return __atomic_load_n(&file->header->stopped, __ATOMIC_RELAXED) != FOLLOW_RUNNING;
}

/* In place of a part of what was reserved, so that nothing of the program's moves. Two threads may
 * do it at once: both map the same part of the file. */
static bool map_windows(struct sample_file *file, uint64_t first, uint64_t end)
{
    for (uint64_t window = first / FOLLOW_WINDOW_BYTES; window * FOLLOW_WINDOW_BYTES < end;
         window++) {
        uint64_t start = window * FOLLOW_WINDOW_BYTES;
        if (__atomic_load_n(&file->mapped[window], __ATOMIC_ACQUIRE))
            continue;
        if (!own_map(file->path, 0, file->records + start, FOLLOW_RECORDS_AT + start,
                     FOLLOW_WINDOW_BYTES)) {
            sample_file_stop(file, errno ? errno : EIO);
            return false;
        }
        __atomic_store_n(&file->mapped[window], 1, __ATOMIC_RELEASE);
    }
    return true;
}

struct follow_record *sample_file_reserve(struct sample_file *file, size_t bytes)
{
    bytes = (bytes + 7) & ~(size_t)7;
    uint64_t place = __atomic_load_n(&file->header->used, __ATOMIC_RELAXED);
    do {
        if (place > FOLLOW_BYTES_MAX || bytes > FOLLOW_BYTES_MAX - place) {
            sample_file_stop(file, FOLLOW_FULL);
            return NULL;
        }
        if (!map_windows(file, place, place + bytes))
            return NULL;
    } while (!__atomic_compare_exchange_n(&file->header->used, &place, place + bytes, true,
                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    struct follow_record *record = (struct follow_record *)(file->records + place);
    record->bytes = (uint32_t)bytes;
    record->kind = FOLLOW_NONE;
    return record;
}

void sample_file_trim(struct sample_file *file, struct follow_record *record, size_t bytes)
{
    bytes = (bytes + 7) & ~(size_t)7;
    uint64_t place = (uint64_t)((char *)record - file->records), end = place + record->bytes;
    if (__atomic_compare_exchange_n(&file->header->used, &end, place + bytes, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        record->bytes = (uint32_t)bytes;
}

uint64_t sample_file_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t hash_of(const char *text, size_t bytes)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

static void write_maps(struct sample_file *file, const char *text, size_t bytes, uint64_t now)
{
    uint64_t hash = hash_of(text, bytes);
    if (hash == file->maps_hash)
        return;
    struct follow_maps *maps = (void *)sample_file_reserve(file, sizeof *maps + bytes);
    if (!maps)
        return;
    maps->time = now;
    maps->text_bytes = bytes;
    memcpy(maps->text, text, bytes);
    __atomic_store_n(&maps->record.kind, (uint32_t)FOLLOW_MAPS, __ATOMIC_RELEASE);
    file->maps_hash = hash;
}

void sample_file_maps(struct sample_file *file, uint64_t now)
{
    if (now < __atomic_load_n(&file->maps_due, __ATOMIC_RELAXED) ||
        __atomic_exchange_n(&file->is_reading_maps, 1, __ATOMIC_ACQUIRE))
        return;
    int error = errno;
    char *text = own_memory(FOLLOW_MAPS_BYTES, PROT_READ | PROT_WRITE);
    if (text) {
        write_maps(file, text, own_code_maps(text, FOLLOW_MAPS_BYTES), now);
        munmap(text, FOLLOW_MAPS_BYTES);
    }
    uint64_t end = sample_file_now(), rest = (end - now) * MAPS_PART;
    __atomic_store_n(&file->maps_due, end + (rest > MAPS_APART_NS ? rest : MAPS_APART_NS),
                     __ATOMIC_RELAXED);
    __atomic_store_n(&file->is_reading_maps, 0, __ATOMIC_RELEASE);
    errno = error;
}
