/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocator.h"

/* Libraries by the names that their Debian packages give them. */
static const struct {
    const char *name, *library;
} known[] = {
    {"glibc", ""},
    {"jemalloc", "libjemalloc.so.2"},
    {"mimalloc", "libmimalloc.so.2"},
    {"tcmalloc", "libtcmalloc_minimal.so.4"},
};

/* The libhakmem that was built together with this program. */
static bool path_of_hakmem(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    for (int i = 0; i < 2; i++)
        *strrchr(path, '/') = '\0'; /* <build>/bench/side_by_side */
    return snprintf(path + strlen(path), PATH_MAX - strlen(path), "/src/libhakmem.so") <
           (int)(PATH_MAX - strlen(path));
}

/* LD_PRELOAD splits its value at blanks and colons, so a path that has one goes by way of
 * LD_LIBRARY_PATH, which splits at colons and semicolons only. */
static bool preload_path(const char *path, struct allocator *allocator, char *why)
{
    char whole[PATH_MAX];
    if (!realpath(path, whole)) {
        snprintf(why, PATH_MAX, "%s: no such library", path);
        return false;
    }
    if (!strpbrk(whole, " :;")) {
        strcpy(allocator->preload, whole);
        return true;
    }
    char *slash = strrchr(whole, '/');
    strcpy(allocator->preload, slash + 1);
    slash[slash == whole] = '\0';
    strcpy(allocator->folder, whole);
    if (strpbrk(allocator->folder, ":;") || strpbrk(allocator->preload, " :;")) {
        snprintf(why, PATH_MAX, "%s: the loader can't preload a path with ':' or ';'", path);
        return false;
    }
    return true;
}

/* The loader goes on without a library that it can't preload, and says so on standard error. */
static bool loader_takes(const struct allocator *allocator)
{
    int channel[2];
    if (pipe(channel) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(channel[1], STDERR_FILENO);
        close(channel[0]);
        close(channel[1]);
        allocator_enter(allocator);
        execlp("true", "true", (char *)NULL);
        _exit(127);
    }
    close(channel[1]);
    char said;
    int status = 1;
    bool silent = read(channel[0], &said, 1) == 0;
    close(channel[0]);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 && silent;
}

bool allocator_find(const char *name, struct allocator *allocator, char why[PATH_MAX + 256])
{
    *allocator = (struct allocator){0};
    if (snprintf(allocator->name, PATH_MAX, "%s", name) >= PATH_MAX) {
        snprintf(why, PATH_MAX, "the name of an allocator is too long");
        return false;
    }
    char hakmem[PATH_MAX];
    if (strcmp(name, "hakmem") == 0 && path_of_hakmem(hakmem)) {
        if (!preload_path(hakmem, allocator, why))
            return false;
    } else if (strchr(name, '/')) {
        if (!preload_path(name, allocator, why))
            return false;
    } else {
        size_t i = 0, count = sizeof known / sizeof *known;
        while (i < count && strcmp(known[i].name, name) != 0)
            i++;
        if (i == count) {
            snprintf(why, PATH_MAX, "no allocator is called '%s'", name);
            return false;
        }
        strcpy(allocator->preload, known[i].library);
    }
    if (allocator->preload[0] == '\0' || loader_takes(allocator))
        return true;
    snprintf(why, PATH_MAX + 256, "%s: the loader can't preload %s (is it installed?)", name,
             allocator->preload);
    return false;
}

void allocator_enter(const struct allocator *allocator)
{
    unsetenv("LD_PRELOAD");
    if (allocator->folder[0])
        setenv("LD_LIBRARY_PATH", allocator->folder, 1);
    if (allocator->preload[0])
        setenv("LD_PRELOAD", allocator->preload, 1);
}
