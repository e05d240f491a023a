/* SPDX-License-Identifier: MIT */
#include "own_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENVIRONMENT_BYTES = 8 << 20 };

/* The system calls themselves, since the C library's open is a cancellation point. */
static int open_file(const char *path, int flags)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600);
}

bool own_read(const char *path, char *text, size_t bytes)
{
    int file = open_file(path, O_RDONLY);
    size_t used = 0;
    ssize_t got = -1;
    if (file < 0)
        return false;
    while (used < bytes - 1 && (got = syscall(SYS_read, file, text + used, bytes - 1 - used)) > 0)
        used += (size_t)got;
    text[used] = '\0';
    syscall(SYS_close, file);
    return got >= 0;
}

static bool find_variable(const char *entry, const char *name, char *value, size_t bytes)
{
    size_t length = strlen(name);
    for (; *entry; entry += strlen(entry) + 1) {
        if (strncmp(entry, name, length) != 0 || entry[length] != '=')
            continue;
        if (strlen(entry + length + 1) >= bytes)
            return false;
        strcpy(value, entry + length + 1);
        return true;
    }
    return false;
}

/* The C library knows the environment later than the first call may come. That of a setuid program
 * is its caller's, who may not name files for it. */
bool own_variable(const char *name, char *value, size_t bytes)
{
    if (getauxval(AT_SECURE))
        return false;
    char *text = mmap(NULL, ENVIRONMENT_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (text == MAP_FAILED)
        return false;
    bool found = own_read("/proc/self/environ", text, ENVIRONMENT_BYTES) &&
                 find_variable(text, name, value, bytes);
    munmap(text, ENVIRONMENT_BYTES);
    return found;
}

/* Written through a mapping where the disk is full, a page is a SIGBUS. */
static bool make_room(int file, uint64_t start, uint64_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && start + bytes > limit.rlim_cur) {
        errno = EFBIG; /* the kernel would send SIGXFSZ */
        return false;
    }
    if (syscall(SYS_fallocate, file, 0, start, bytes) == 0)
        return true;
    if (errno != EOPNOTSUPP && errno != ENOSYS)
        return false;
    static const char zeroes[4096];
    for (uint64_t at = start; at < start + bytes; at += sizeof zeroes) {
        if (syscall(SYS_pwrite64, file, zeroes, sizeof zeroes, at) != (long)sizeof zeroes)
            return false;
    }
    return true;
}

void *own_map(const char *path, int flags, void *place, uint64_t start, uint64_t bytes)
{
    /* Opened anew each time: a program may close what it did not open. */
    int file = open_file(path, O_RDWR | O_NOFOLLOW | flags);
    if (file < 0)
        return NULL;
    void *part = NULL;
    if (make_room(file, start, bytes)) {
        part = mmap(place, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (place ? MAP_FIXED : 0),
                    file, (off_t)start);
        if (part == MAP_FAILED)
            part = NULL;
        else
            madvise(part, bytes, MADV_DONTFORK);
    }
    int error = errno;
    syscall(SYS_close, file);
    errno = error;
    return part;
}
