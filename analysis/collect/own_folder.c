/* SPDX-License-Identifier: MIT */
#include "own_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool own_folder(char *folder, size_t bytes)
{
    ssize_t length = readlink("/proc/self/exe", folder, bytes - 1);
    if (length <= 0)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    return slash;
}

static bool can_read(char path[PATH_MAX], const char *folder, const char *below, const char *file)
{
    return snprintf(path, PATH_MAX, "%s/%s/%s", folder, below, file) < PATH_MAX &&
           access(path, R_OK) == 0;
}

bool own_file(const char *build, const char *installed, const char *file, char path[PATH_MAX])
{
    char own[PATH_MAX - 256], libraries[PATH_MAX];
    if (own_folder(own, sizeof own)) {
        snprintf(libraries, sizeof libraries, "%s/" HAKMEM_LIBRARIES_FROM_HERE, own);
        if (can_read(path, own, build, file) || can_read(path, libraries, installed, file))
            return true;
    }
    return can_read(path, HAKMEM_LIBRARY_FOLDER, installed, file);
}
