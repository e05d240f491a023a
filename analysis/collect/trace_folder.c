/* SPDX-License-Identifier: MIT */
#include "trace_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"
#include "raw_trace.h"

int trace_folder_create(struct trace_folder *folder, const char *parent, const char *process)
{
    char path[PATH_MAX];
    *folder = (struct trace_folder){.descriptor = -1, .process = process};
    int length = snprintf(path, sizeof path, "%s/.hakmem-trace-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (!mkdtemp(path))
        return -1;
    if (realpath(path, folder->path)) /* the command may work in another folder */
        folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder->descriptor >= 0)
        return 0;
    rmdir(path);
    return -1;
}

/* `<pid>.<n>.raw` */
static bool is_raw_file(const char *name, pid_t *pid)
{
    int number, length = -1;
    return sscanf(name, "%d.%d.raw%n", pid, &number, &length) == 2 && length > 0 &&
           name[length] == '\0' && *pid > 0;
}

/* Neither a link nor a pipe that some program put there may lead or hold us. */
static int open_file(const struct trace_folder *folder, const char *name)
{
    return openat(folder->descriptor, name,
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void note_seen(struct trace_folder *folder, const char *name)
{
    size_t used = strlen(folder->seen), length = strlen(name);
    const char *before = strstr(folder->seen, name);
    if (!length || (before && (before[length] == ',' || !before[length])))
        return;
    if (used + length + 3 < sizeof folder->seen)
        sprintf(folder->seen + used, "%s%s", used ? ", " : "", name);
}

static bool is_better(struct trace_folder *folder, const char *name, uint64_t *count)
{
    struct raw_header header;
    int file = open_file(folder, name);
    bool is_whole = file >= 0 && raw_trace_read_header(file, &header);
    if (file >= 0)
        close(file);
    folder->images++;
    folder->left_out += !is_whole;
    if (!is_whole)
        return false;
    const char *program = last_part(header.program);
    *count = raw_trace_count(&header);
    note_seen(folder, program);
    if (folder->process && strcmp(folder->process, program) != 0 &&
        strcmp(folder->process, header.name) != 0)
        return false;
    return *count > folder->best_count;
}

static void keep_the_better(struct trace_folder *folder, const char *name)
{
    uint64_t count;
    if (!is_better(folder, name, &count)) {
        unlinkat(folder->descriptor, name, 0);
        return;
    }
    if (folder->best[0])
        unlinkat(folder->descriptor, folder->best, 0);
    snprintf(folder->best, sizeof folder->best, "%.63s", name);
    folder->best_count = count;
}

static DIR *open_listing(const struct trace_folder *folder)
{
    int copy = openat(folder->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (!listing && copy >= 0)
        close(copy);
    return listing;
}

void trace_folder_tidy(struct trace_folder *folder, bool all)
{
    DIR *listing = open_listing(folder);
    if (!listing)
        return;
    for (struct dirent *entry; (entry = readdir(listing));) {
        pid_t pid;
        if (!is_raw_file(entry->d_name, &pid) || strcmp(entry->d_name, folder->best) == 0)
            continue;
        if (all || (kill(pid, 0) != 0 && errno == ESRCH))
            keep_the_better(folder, entry->d_name);
    }
    closedir(listing);
}

int trace_folder_open(const struct trace_folder *folder)
{
    return folder->best[0] ? open_file(folder, folder->best) : -1;
}

void trace_folder_remove(struct trace_folder *folder)
{
    DIR *listing = folder->descriptor < 0 ? NULL : open_listing(folder);
    if (listing) {
        for (struct dirent *entry; (entry = readdir(listing));) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                unlinkat(folder->descriptor, entry->d_name, 0);
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
