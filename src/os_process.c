/* SPDX-License-Identifier: MIT */
/* System calls that are about threads and the process itself: waiting, numbers, limits. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "os.h"

#ifndef HAK_OS_SYSCALL /* as in os.c */
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

/* Of the kernel's own headers, which not every C library's compiler finds: futex(2), mremap(2). */
enum { WAIT_PRIVATE = 0 | 128, WAKE_PRIVATE = 1 | 128 };

/* With an end: a wake-up that never comes delays, and hangs nobody. */
void hak_os_wait(uint32_t *word, uint32_t value)
{
    static const struct timespec longest = {0, 100 * 1000 * 1000};
    hak_count(HAK_COUNT_futex);
    os_syscall(SYS_futex, (long)word, WAIT_PRIVATE, (long)value, (long)&longest, 0, 0);
}

bool hak_os_wait_briefly(uint32_t *word, uint32_t value, uint32_t milliseconds)
{
    struct timespec time = {.tv_nsec = (long)milliseconds * 1000000};
    hak_count(HAK_COUNT_futex);
    return os_syscall(SYS_futex, (long)word, WAIT_PRIVATE, (long)value, (long)&time, 0, 0) !=
           -ETIMEDOUT;
}

void hak_os_wake(uint32_t *word)
{
    hak_count(HAK_COUNT_futex);
    os_syscall(SYS_futex, (long)word, WAKE_PRIVATE, 1, 0, 0, 0);
}

int32_t hak_os_process_id(void)
{
    return (int32_t)os_syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

uint32_t hak_os_thread_id(void)
{
    return (uint32_t)os_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

/* A mixer (splitmix64, Steele, Lea, Flood 2014): every bit of what comes in changes half of what
 * goes out. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

void hak_os_random(void *numbers, size_t bytes)
{
    if (os_syscall(SYS_getrandom, (long)numbers, (long)bytes, GRND_NONBLOCK, 0, 0, 0) ==
        (long)bytes)
        return;
    /* Of a process nobody can look into, where things lie and the time to the nanosecond. */
    uint64_t now = hak_os_nanoseconds();
    uint64_t state =
        mix(now) ^ mix((uintptr_t)&now) ^ mix((uintptr_t)&errno) ^ mix((uintptr_t)&hak_os_random);
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)numbers)[i] = (unsigned char)(state = mix(state));
}

uint64_t hak_os_address_space_max(void)
{
    struct rlimit limit = {0};
    if (hak_os_failed(os_syscall(SYS_prlimit64, 0, RLIMIT_AS, 0, (long)&limit, 0, 0)) ||
        limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
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

void hak_os_write_error(const char *text, size_t bytes)
{
    os_syscall(SYS_write, STDERR_FILENO, (long)text, (long)bytes, 0, 0, 0);
}
