/* SPDX-License-Identifier: MIT */
#include "process_memory.h"

#include <errno.h>
#include <sys/uio.h>

bool process_memory_read(pid_t pid, uint64_t address, void *to, size_t bytes)
{
    struct iovec here = {to, bytes}, there = {(void *)(uintptr_t)address, bytes};
    ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (got >= 0 && (size_t)got != bytes)
        errno = EFAULT;
    return got == (ssize_t)bytes;
}
