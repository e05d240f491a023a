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

/* Only code is of interest: the lines whose rights hold an x. Never cut within a line. */
static size_t copy_code_lines(char *to, const char *text, size_t room)
{
    size_t used = 0;
    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        const char *rights = memchr(line, ' ', (size_t)(end - line));
        size_t bytes = (size_t)(end + 1 - line);
        if (!rights || end - rights < 4 || rights[3] != 'x')
            continue;
        if (bytes > room - used)
            break;
        memcpy(to + used, line, bytes);
        used += bytes;
    }
    return used;
}

size_t own_code_maps(char *to, size_t room)
{
    enum { TEXT_BYTES = 16 << 20 };
    char *text = own_memory(TEXT_BYTES, PROT_READ | PROT_WRITE);
    size_t used = 0;
    if (!text)
        return 0;
    if (own_read("/proc/self/maps", text, TEXT_BYTES))
        used = copy_code_lines(to, text, room);
    munmap(text, TEXT_BYTES);
    return used;
}
