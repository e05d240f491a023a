/* SPDX-License-Identifier: MIT */
#include "own_process.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recorder/own_files.h"

void own_executable(char *path, size_t bytes)
{
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, bytes - 1);
    path[length > 0 ? length : 0] = '\0';
}

bool own_name_is(const char *name, size_t length)
{
    char path[PATH_MAX], shown[32];
    own_executable(path, sizeof path);
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    if (strlen(last) == length && memcmp(last, name, length) == 0)
        return true;
    return own_read("/proc/self/comm", shown, sizeof shown) && strcspn(shown, "\n") == length &&
           memcmp(shown, name, length) == 0;
}

void *own_memory(size_t bytes, int protection)
{
    void *memory =
        mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}
