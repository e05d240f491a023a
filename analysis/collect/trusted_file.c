/* SPDX-License-Identifier: MIT */
#include "trusted_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privilege/privilege.h"

static bool is_ours(const struct stat *status)
{
    const struct privilege_user invoker = privilege_invoker();
    bool counts = !getauxval(AT_SECURE);
    bool owner = status->st_uid == 0 || (counts && status->st_uid == invoker.uid);
    bool group = status->st_gid == 0 || (counts && status->st_gid == invoker.gid);
    return owner && !(status->st_mode & S_IWOTH) && (group || !(status->st_mode & S_IWGRP));
}

int trusted_file_open(const char *path, char *why, size_t why_bytes)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 || fstat(file, &status) != 0) {
        snprintf(why, why_bytes, "%s: %s", path, strerror(errno));
        if (file >= 0)
            close(file);
        return -1;
    }
    if (privilege_held() == 0 || is_ours(&status))
        return file;
    close(file);
    snprintf(why, why_bytes,
             "%s can be written by others (it is user %u's): it is not read with the rights that "
             "eBPF takes",
             path, (unsigned)status.st_uid);
    return -1;
}
