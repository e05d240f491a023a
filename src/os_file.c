/* SPDX-License-Identifier: MIT */
/* Through the same door as the system calls of os.c. */
#include "os_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "counters.h"
#include "os.h"

#ifndef HAK_OS_SYSCALL /* as in os.c */
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

long hak_os_file_create(const char *path)
{
    return os_syscall(SYS_openat, AT_FDCWD, (long)path,
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644, 0, 0);
}

/* False where it does not fit. */
static bool own_path(char *path, size_t bytes, const char *folder, const char *suffix, int number)
{
    size_t length = strnlen(folder, bytes), end = strlen(suffix) + 1;
    char digits[24];
    if (length + sizeof digits + sizeof ".00" + end > bytes)
        return false;
    memcpy(path, folder, length);
    path[length++] = '/';
    long pid = hak_os_process_id();
    size_t count = 0;
    do
        digits[count++] = (char)('0' + pid % 10);
    while ((pid /= 10) > 0);
    while (count > 0)
        path[length++] = digits[--count];
    path[length++] = '.';
    if (number >= 10)
        path[length++] = (char)('0' + number / 10);
    path[length++] = (char)('0' + number % 10);
    memcpy(path + length, suffix, end);
    return true;
}

long hak_os_file_create_own(char *path, size_t path_bytes, const char *folder, const char *suffix)
{
    enum { IMAGES = 100 }; /* programs one process may execute and still have files */
    long file = -EEXIST;
    for (int number = 0; number < IMAGES && file == -EEXIST; number++) {
        if (!own_path(path, path_bytes, folder, suffix, number))
            return -ENAMETOOLONG;
        file = os_syscall(SYS_openat, AT_FDCWD, (long)path,
                          O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600, 0, 0);
    }
    return file;
}

long hak_os_file_open(const char *path)
{
    return os_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
}

long hak_os_file_read(long file, void *to, size_t bytes)
{
    return os_syscall(SYS_read, file, (long)to, (long)bytes, 0, 0, 0);
}

long hak_os_file_write(long file, const char *text, size_t bytes)
{
    while (bytes > 0) {
        long written = os_syscall(SYS_write, file, (long)text, (long)bytes, 0, 0, 0);
        if (written == -EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? written : -EIO;
        text += written;
        bytes -= (size_t)written;
    }
    return 0;
}

void hak_os_file_close(long file)
{
    os_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

long hak_os_file_rename(const char *from, const char *to)
{
    return os_syscall(SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

void hak_os_file_remove(const char *path)
{
    os_syscall(SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

void hak_os_file_let_read(long file)
{
    os_syscall(SYS_fchmod, file, 0644, 0, 0, 0, 0);
}

bool hak_os_file_read_text(const char *path, char *text, size_t room)
{
    long file = hak_os_file_open(path);
    if (hak_os_failed(file))
        return false;
    long got = hak_os_file_read(file, text, room - 1);
    hak_os_file_close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* Written through a mapping where the disk is full, a page is a SIGBUS; beyond the size that files
 * may have, growing one is a SIGXFSZ. */
static bool make_room(long file, uint64_t start, size_t bytes)
{
    struct rlimit limit = {0};
    return !hak_os_failed(os_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&limit, 0, 0)) &&
           start + bytes <= limit.rlim_cur &&
           !hak_os_failed(os_syscall(SYS_fallocate, file, 0, (long)start, (long)bytes, 0, 0));
}

/* Opened anew each time: a program may close what it did not open. */
void *hak_os_file_map(const char *path, void *place, uint64_t start, size_t bytes)
{
    long file =
        os_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0, 0, 0);
    long mapped = -EBADF;
    if (hak_os_failed(file))
        return NULL;
    if (make_room(file, start, bytes)) {
        hak_count(HAK_COUNT_mmap);
        mapped = os_syscall(SYS_mmap, (long)place, (long)bytes, PROT_READ | PROT_WRITE,
                            MAP_SHARED | (place ? MAP_FIXED : 0), file, (long)start);
    }
    hak_os_file_close(file);
    if (hak_os_failed(mapped))
        return NULL;
    hak_os_not_in_children((void *)mapped, bytes);
    return (void *)mapped;
}

void hak_os_own_program(char *path, size_t bytes)
{
    long length = os_syscall(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path,
                             (long)bytes - 1, 0, 0);
    path[hak_os_failed(length) ? 0 : length] = '\0';
}
