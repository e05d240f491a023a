/* SPDX-License-Identifier: MIT */
/* The system calls about files: through the same door as those of os.c. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "counters.h"
#include "os.h"

#ifndef HAK_OS_SYSCALL
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

int32_t hak_os_process_id(void)
{
    return (int32_t)os_syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
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

long hak_os_create_file(char *path, size_t path_bytes, const char *folder, const char *suffix)
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

long hak_os_open(const char *path)
{
    return os_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
}

long hak_os_read(long file, void *to, size_t bytes)
{
    return os_syscall(SYS_read, file, (long)to, (long)bytes, 0, 0, 0);
}

void hak_os_close(long file)
{
    os_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

void hak_os_let_read(long file)
{
    os_syscall(SYS_fchmod, file, 0644, 0, 0, 0, 0);
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
void *hak_os_map_file(const char *path, void *place, uint64_t start, size_t bytes)
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
    hak_os_close(file);
    if (hak_os_failed(mapped))
        return NULL;
    hak_os_not_in_children((void *)mapped, bytes);
    return (void *)mapped;
}

/* The kernel stops where the memory does. Where it refuses, the rest of a page can be read. */
size_t hak_os_copy_own(void *to, uint64_t address, size_t bytes)
{
    const struct iovec local = {to, bytes}, remote = {(void *)(uintptr_t)address, bytes};
    size_t page = hak_os_page_bytes(), left = page - address % page;
    long copied =
        os_syscall(SYS_process_vm_readv, hak_os_process_id(), (long)&local, 1, (long)&remote, 1, 0);
    if (copied > 0)
        return (size_t)copied;
    bytes = bytes < left ? bytes : left;
    memcpy(to, (const void *)(uintptr_t)address, bytes);
    return bytes;
}

void hak_os_own_program(char *path, size_t bytes)
{
    long length = os_syscall(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path,
                             (long)bytes - 1, 0, 0);
    path[hak_os_failed(length) ? 0 : length] = '\0';
}
