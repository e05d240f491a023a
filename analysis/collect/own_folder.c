/* SPDX-License-Identifier: MIT */
#include "own_folder.h"

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
