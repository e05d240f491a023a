/* SPDX-License-Identifier: MIT */
/* Stands in for src/vdso.c: a clock that moves when a test says so, and may fail. */
#include "vdso.h"

#include <errno.h>
#include <stdatomic.h>

#include "faults.h"

static atomic_ulong milliseconds = 1000000;

void faults_pass_time(uint32_t more)
{
    atomic_fetch_add(&milliseconds, more);
}

static int read_time(clockid_t clock, struct timespec *now)
{
    unsigned long time = atomic_load(&milliseconds);
    if (faults_fire(FAULT_CLOCK))
        return -EINVAL;
    *now = (struct timespec){(time_t)(time / 1000), (long)(time % 1000) * 1000000};
    return 0;
}

hak_clock_function *hak_vdso_clock(char **environment)
{
    return read_time;
}
