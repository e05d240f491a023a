/* SPDX-License-Identifier: MIT */
#include "process_memory.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "monitor.h"

enum { KEPT_MOST = 64 };

static struct {
    pid_t pid; /* 0: none */
    int file;
} kept[KEPT_MOST];

/* Index of the one of `pid`, or KEPT_MOST. */
static size_t find(pid_t pid)
{
    size_t i = 0;
    while (i < KEPT_MOST && kept[i].pid != pid)
        i++;
    return i;
}

void process_memory_keep(pid_t pid)
{
    size_t free_place = find(0);
    if (find(pid) < KEPT_MOST || free_place == KEPT_MOST)
        return;
    int file = monitor_open_process(pid, "mem");
    if (file < 0)
        return;
    kept[free_place].pid = pid;
    kept[free_place].file = file;
}

void process_memory_forget(pid_t pid)
{
    size_t at = find(pid);
    if (pid == 0 || at == KEPT_MOST)
        return;
    close(kept[at].file);
    kept[at].pid = 0;
}

/* How process_vm_readv would call what a file of memory says: it has nothing left when the process
 * has ended, or has executed another program since. */
static bool read_file(int file, uint64_t address, void *to, size_t bytes)
{
    ssize_t got = pread(file, to, bytes, (off_t)address);
    if (got == (ssize_t)bytes)
        return true;
    errno = got == 0 ? ESRCH : EFAULT;
    return false;
}

static bool open_and_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
    int file = monitor_open_process(pid, "mem");
    if (file < 0) {
        errno = errno == ENOENT ? ESRCH : errno == EACCES ? EPERM : errno;
        return false;
    }
    bool done = read_file(file, address, to, bytes);
    int error = errno;
    close(file);
    errno = error;
    return done;
}

static bool read_directly(pid_t pid, uint64_t address, void *to, size_t bytes)
{
    struct iovec here = {to, bytes}, there = {(void *)(uintptr_t)address, bytes};
    ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (got >= 0 && (size_t)got != bytes)
        errno = EFAULT;
    return got == (ssize_t)bytes;
}

bool process_memory_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
    size_t at = find(pid);
    if (at < KEPT_MOST) {
        if (read_file(kept[at].file, address, to, bytes))
            return true;
        if (errno != ESRCH)
            return false;
        process_memory_forget(pid);
    }
    return read_directly(pid, address, to, bytes) ||
           (errno == EPERM && open_and_read(pid, address, to, bytes));
}
