/* SPDX-License-Identifier: MIT */
#include "own_stack.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* A macro: the registers are those of a frame that must be there when the stack is copied. */
#if defined(__x86_64__)
#    define STORE_REGISTERS(registers)                                                             \
        __asm__ volatile("movq %%rbx, 3*8(%0)\n"                                                   \
                         "movq %%rbp, 6*8(%0)\n"                                                   \
                         "movq %%rsp, 7*8(%0)\n"                                                   \
                         "movq %%r12, 12*8(%0)\n"                                                  \
                         "movq %%r13, 13*8(%0)\n"                                                  \
                         "movq %%r14, 14*8(%0)\n"                                                  \
                         "movq %%r15, 15*8(%0)\n"                                                  \
                         "leaq 0(%%rip), %%rcx\n"                                                  \
                         "movq %%rcx, 16*8(%0)\n"                                                  \
                         :                                                                         \
                         : "a"(registers)                                                          \
                         : "rcx", "memory")
#else
#    define STORE_REGISTERS(registers)                                                             \
        __asm__ volatile("stp x19, x20, [%0, #19*8]\n"                                             \
                         "stp x21, x22, [%0, #21*8]\n"                                             \
                         "stp x23, x24, [%0, #23*8]\n"                                             \
                         "stp x25, x26, [%0, #25*8]\n"                                             \
                         "stp x27, x28, [%0, #27*8]\n"                                             \
                         "stp x29, x30, [%0, #29*8]\n"                                             \
                         "mov x9, sp\n"                                                            \
                         "str x9, [%0, #31*8]\n"                                                   \
                         "adr x9, .\n"                                                             \
                         "str x9, [%0, #32*8]\n"                                                   \
                         :                                                                         \
                         : "r"(registers)                                                          \
                         : "x9", "memory")
#endif

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
    STORE_REGISTERS(registers);
    int error = errno;
    size_t copied = copy(to, registers[FOLLOW_SP], bytes);
    errno = error;
    return copied;
}
