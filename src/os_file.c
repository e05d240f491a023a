/* SPDX-License-Identifier: MIT */
#include "os_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#ifndef HAK_OS_SYSCALL /* as in os.c */
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

long hak_os_file_create(const char *path)
{
    return os_syscall(SYS_openat, AT_FDCWD, (long)path,
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644, 0, 0);
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

bool hak_os_file_read(const char *path, char *text, size_t room)
{
    long file = os_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (file < 0)
        return false;
    long got = os_syscall(SYS_read, file, (long)text, (long)room - 1, 0, 0, 0);
    hak_os_file_close(file);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}
