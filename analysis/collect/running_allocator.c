/* SPDX-License-Identifier: MIT */
#include "running_allocator.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counter_note.h"
#include "process_maps.h"

/* How files of allocators begin; what comes first wins, and libc is in every process. */
static const struct {
    const char *file, *name;
} known[] = {
    {"libhakmem", "hakmem"},     {"libjemalloc", "jemalloc"}, {"libmimalloc", "mimalloc"},
    {"libtcmalloc", "tcmalloc"}, {"libsnmalloc", "snmalloc"}, {"librpmalloc", "rpmalloc"},
    {"libhoard", "hoard"},       {"libscudo", "scudo"},       {"libhardened_malloc", "hardened"},
    {"libc.so.", "glibc"},       {"libc-2.", "glibc"},
};
enum { KNOWN = sizeof known / sizeof known[0], NOTE = -1 };

struct search {
    pid_t pid;
    struct running_allocator *found; /* NULL: only the note is looked for */
    uint64_t counters;
    int rank; /* of what was found: NOTE, or in `known`; KNOWN: nothing */
    int memory_error;
    struct process_mapping mapping; /* its first; the path is in found->mapped */
};

static int rank_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    for (int i = 0; i < KNOWN; i++) {
        if (strncmp(file, known[i].file, strlen(known[i].file)) == 0)
            return i;
    }
    return KNOWN;
}

const char *running_allocator_of_file(const char *path)
{
    int rank = rank_of(path);
    return rank < KNOWN && strcmp(known[rank].name, "glibc") != 0 ? known[rank].name : NULL;
}

static void keep(struct search *search, int rank, const struct process_mapping *mapping)
{
    if (rank >= search->rank || !search->found)
        return;
    search->rank = rank;
    search->mapping = *mapping;
    snprintf(search->found->mapped, sizeof search->found->mapped, "%s", mapping->path);
}

static bool consider(void *context, const struct process_mapping *mapping)
{
    struct search *search = context;
    if (mapping->inode == 0 || mapping->offset != 0)
        return true;
    search->counters = counter_note_find(search->pid, mapping->start);
    if (!search->counters && (errno == EPERM || errno == EACCES))
        search->memory_error = errno;
    keep(search, search->counters ? NOTE : rank_of(mapping->path), mapping);
    return !search->counters;
}

/* A path under which the file is found from here. What stands at the process's own name for it may
 * be another file: in another mount namespace, or since the library was replaced. */
static bool find_file(const struct search *search, char path[PATH_MAX])
{
    const struct process_mapping *mapping = &search->mapping;
    const char *mapped = search->found->mapped;
    struct stat status;
    for (int way = 0; way < 3; way++) {
        int length = way == 0   ? snprintf(path, PATH_MAX, "%s", mapped)
                     : way == 1 ? snprintf(path, PATH_MAX, "/proc/%d/root%s", search->pid, mapped)
                                : snprintf(path, PATH_MAX, "/proc/%d/map_files/%llx-%llx",
                                           search->pid, (unsigned long long)mapping->start,
                                           (unsigned long long)mapping->end);
        if (length > 0 && length < PATH_MAX && stat(path, &status) == 0 &&
            status.st_ino == mapping->inode && S_ISREG(status.st_mode) && access(path, R_OK) == 0)
            return true;
    }
    path[0] = '\0';
    return false;
}

static bool is_program(pid_t pid, uint64_t inode)
{
    char path[32];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    return stat(path, &status) == 0 && status.st_ino == inode;
}

bool running_allocator_find(pid_t pid, struct running_allocator *found)
{
    struct search search = {.pid = pid, .found = found, .rank = KNOWN};
    memset(found, 0, sizeof *found);
    if (process_maps_each(pid, consider, &search) != 0)
        return false;
    struct allocator *allocator = &found->allocator;
    allocator->is_hakmem = search.rank <= 0; /* by its note, or by its name */
    const char *name = allocator->is_hakmem ? "hakmem" : "unknown";
    if (search.rank >= 0 && search.rank < KNOWN)
        name = known[search.rank].name;
    snprintf(allocator->name, sizeof allocator->name, "%s", name);
    allocator->is_glibc = strcmp(name, "glibc") == 0;
    found->counters = search.counters;
    found->memory_error = search.memory_error;
    if (search.rank < KNOWN) {
        find_file(&search, allocator->library);
        found->is_program = is_program(pid, search.mapping.inode);
    }
    allocator->preload = !allocator->is_glibc && !found->is_program && search.rank < KNOWN;
    return true;
}

uint64_t running_allocator_counters(pid_t pid)
{
    struct search search = {.pid = pid, .rank = KNOWN};
    return process_maps_each(pid, consider, &search) == 0 ? search.counters : 0;
}
