/* SPDX-License-Identifier: MIT */
#include "own_stack.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "own_registers.h"

/* The kernel stops where the memory does. Where it refuses, the rest of a page can be read. */
static size_t copy(void *to, uint64_t address, size_t bytes)
{
    const struct iovec local = {to, bytes}, remote = {(void *)(uintptr_t)address, bytes};
    size_t page = (size_t)sysconf(_SC_PAGESIZE), left = page - address % page;
    long copied =
        syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1ul, &remote, 1ul, 0ul);
    if (copied > 0)
        return (size_t)copied;
    bytes = bytes < left ? bytes : left;
    memcpy(to, (const void *)(uintptr_t)address, bytes);
    return bytes;
}

__attribute__((noinline)) size_t own_stack_take(uint64_t registers[FOLLOW_REGISTERS], void *to,
                                                size_t bytes)
{
    memset(registers, 0, FOLLOW_REGISTERS * sizeof *registers);
    HAK_STORE_REGISTERS(registers);
    int error = errno;
    size_t copied = copy(to, registers[FOLLOW_SP], bytes);
    errno = error;
    return copied;
}
