/* SPDX-License-Identifier: MIT */
/* What time it is, by the vDSO where there is one. */
#include <sys/syscall.h>
#include <time.h>

#include "measures.h"
#include "os.h"
#include "vdso.h"

#include HAK_SEAL

#ifndef HAK_OS_SYSCALL /* as in os.c */
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

static int ask_kernel(clockid_t clock, struct timespec *now)
{
    return (int)os_syscall(SYS_clock_gettime, clock, (long)now, 0, 0, 0, 0);
}

static struct {
    hak_clock_function *read;
} HAK_SEAL_ALIGNED the_clock = {ask_kernel};

void hak_os_start_clock(char **environment)
{
    hak_clock_function *function = environment ? hak_vdso_clock(environment) : NULL;
    __atomic_store_n(&the_clock.read, function ? function : clock_gettime, __ATOMIC_RELAXED);
    hak_seal(&the_clock, sizeof the_clock);
}

uint64_t hak_os_nanoseconds(void)
{
    struct timespec now = {0};
    __atomic_load_n(&the_clock.read, __ATOMIC_RELAXED)(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint32_t hak_os_milliseconds(void)
{
    struct timespec now = {0};
    __atomic_load_n(&the_clock.read, __ATOMIC_RELAXED)(CLOCK_MONOTONIC_COARSE, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

uint64_t hak_os_epoch_ns(void)
{
    struct timespec now = {0};
    ask_kernel(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
