/* SPDX-License-Identifier: MIT */
#include "counter_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"

enum { FILES_KEPT = 16, FILES_LOOKED_AT = 64, IMAGES_MAX = 100 };

static int create_in(struct counter_folder *folder, const char *parent)
{
    if (!parent || parent[0] != '/')
        return -1;
    int length = snprintf(folder->path, sizeof folder->path, "%s/hakmem-trace-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof folder->path || !mkdtemp(folder->path))
        return -1;
    folder->descriptor = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder->descriptor >= 0)
        return 0;
    rmdir(folder->path);
    return -1;
}

int counter_folder_create(struct counter_folder *folder)
{
    const char *const parents[] = {getenv("XDG_RUNTIME_DIR"), "/dev/shm", getenv("TMPDIR"), "/tmp"};
    *folder = (struct counter_folder){.descriptor = -1};
    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        if (create_in(folder, parents[i]) == 0)
            return 0;
    }
    folder->path[0] = '\0';
    return -1;
}

/* `<pid>.<n>.counters` */
static bool is_counter_file(const char *name, pid_t *pid)
{
    int number, length = -1;
    return sscanf(name, "%d.%d.counters%n", pid, &number, &length) == 2 && length > 0 &&
           name[length] == '\0' && *pid > 0;
}

static int open_file(const struct counter_folder *folder, const char *name)
{
    return monitor_open_counters(folder->descriptor, name);
}

static void remember_arena(struct counter_folder *folder, pid_t pid, int file)
{
    struct hak_counter_header header;
    if (!counters_read_header(file, &header) || header.arena_bytes == 0)
        return;
    for (size_t i = 0; i < folder->arena_count; i++) {
        if (folder->arenas[i].pid == pid && folder->arenas[i].base == header.arena_base)
            return;
    }
    if (folder->arena_count == folder->arena_capacity) {
        size_t capacity = 2 * folder->arena_capacity + 16;
        void *arenas = reallocarray(folder->arenas, capacity, sizeof *folder->arenas);
        if (!arenas)
            return;
        folder->arenas = arenas;
        folder->arena_capacity = capacity;
    }
    folder->arenas[folder->arena_count++] =
        (struct arena_range){pid, header.arena_base, header.arena_bytes};
}

static void take_file(struct counter_folder *folder, const char *name, pid_t pid)
{
    int file = open_file(folder, name);
    if (file < 0) {
        folder->counters.rejected++;
        return;
    }
    remember_arena(folder, pid, file);
    counters_add(&folder->counters, file);
    close(file);
}

static DIR *open_listing(const struct counter_folder *folder)
{
    int copy = openat(folder->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (!listing && copy >= 0)
        close(copy);
    return listing;
}

void counter_folder_tidy(struct counter_folder *folder)
{
    DIR *listing = open_listing(folder);
    size_t count = 0;
    if (!listing)
        return;
    while (readdir(listing))
        count++;
    rewinddir(listing);
    for (struct dirent *entry; count > FILES_KEPT && (entry = readdir(listing));) {
        pid_t pid;
        if (!is_counter_file(entry->d_name, &pid) || kill(pid, 0) == 0 || errno != ESRCH)
            continue;
        take_file(folder, entry->d_name, pid);
        unlinkat(folder->descriptor, entry->d_name, 0);
    }
    closedir(listing);
}

static void each_process(void *context, void (*take)(void *taker, pid_t pid), void *taker)
{
    const struct counter_folder *folder = context;
    DIR *listing = folder->descriptor < 0 ? NULL : open_listing(folder);
    if (!listing)
        return;
    struct dirent *entry;
    for (int left = FILES_LOOKED_AT; left > 0 && (entry = readdir(listing)); left--) {
        pid_t pid;
        if (is_counter_file(entry->d_name, &pid))
            take(taker, pid);
    }
    closedir(listing);
}

static int open_image(const struct counter_folder *folder, pid_t pid, int image)
{
    char name[64];
    snprintf(name, sizeof name, "%d.%d.counters", pid, image);
    return open_file(folder, name);
}

/* The file of the program that the process runs now; -1: it has none. */
static int open_newest(const struct counter_folder *folder, pid_t pid)
{
    int newest = -1;
    for (int image = 0; image < IMAGES_MAX && folder->descriptor >= 0; image++) {
        int file = open_image(folder, pid, image);
        if (file < 0)
            break;
        if (newest >= 0)
            close(newest);
        newest = file;
    }
    return newest;
}

static bool read_process(void *context, pid_t pid, struct hak_counter_header *header,
                         struct hak_counter_page *sum)
{
    int file = open_newest(context, pid);
    bool done = file >= 0 && counters_read(file, header, sum);
    if (file >= 0)
        close(file);
    return done;
}

void counter_folder_remove(struct counter_folder *folder)
{
    DIR *listing = folder->descriptor < 0 ? NULL : open_listing(folder);
    if (listing) {
        for (struct dirent *entry; (entry = readdir(listing));) {
            pid_t pid;
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            if (is_counter_file(entry->d_name, &pid))
                take_file(folder, entry->d_name, pid);
            if (unlinkat(folder->descriptor, entry->d_name, 0) != 0)
                unlinkat(folder->descriptor, entry->d_name, AT_REMOVEDIR);
        }
        closedir(listing);
    }
    if (folder->descriptor >= 0)
        close(folder->descriptor);
    if (folder->path[0])
        monitor_rmdir(folder->path);
    folder->descriptor = -1;
    folder->path[0] = '\0';
}

static bool is_in(const struct counter_folder *folder, pid_t pid, uint64_t address, bool *known)
{
    for (size_t i = 0; i < folder->arena_count; i++) {
        const struct arena_range *arena = &folder->arenas[i];
        if (arena->pid != pid)
            continue;
        *known = true;
        if (address >= arena->base && address - arena->base < arena->bytes)
            return true;
    }
    return false;
}

bool counter_folder_in_arena(struct counter_folder *folder, pid_t pid, uint64_t address)
{
    bool known = false;
    if (is_in(folder, pid, address, &known))
        return true;
    if (known || folder->descriptor < 0)
        return false;
    for (int image = 0; image < IMAGES_MAX; image++) {
        int file = open_image(folder, pid, image);
        if (file < 0)
            break;
        remember_arena(folder, pid, file);
        close(file);
    }
    return is_in(folder, pid, address, &known);
}

static bool in_arena(void *context, pid_t pid, uint64_t address)
{
    return counter_folder_in_arena(context, pid, address);
}

/* A child counts in a file of its own. */
static void forked(void *context, pid_t parent, pid_t child)
{
}

/* The ranges of a process that executes another program are not what they were. */
static void executed(void *context, pid_t pid)
{
    struct counter_folder *folder = context;
    size_t kept = 0;
    for (size_t i = 0; i < folder->arena_count; i++) {
        if (folder->arenas[i].pid != pid)
            folder->arenas[kept++] = folder->arenas[i];
    }
    folder->arena_count = kept;
}

struct counted counter_folder_counted(struct counter_folder *folder)
{
    return (struct counted){folder, each_process, read_process, in_arena, forked, executed};
}

void counter_folder_finish(struct counter_folder *folder)
{
    free(folder->arenas);
    folder->arenas = NULL;
    folder->arena_count = folder->arena_capacity = 0;
}
