/* SPDX-License-Identifier: MIT */
#include "failing_syscall.h"
#undef os_syscall

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"
#include "os_syscall.h"

enum { HOLES = 64 };

const char *const fault_call_names[FAULT_CALLS] = {"mmap",   "munmap", "mprotect", "madvise",
                                                   "mremap", "futex",  "clock",    "file",
                                                   "key",    "atfork", "mapping",  "any"};
const char *const fault_pattern_names[FAULT_PATTERNS] = {"only", "every", "from"};

static struct fault_plan plan = {FAULT_ANY, FAULT_FROM, 1};
static atomic_ulong seen, fired;
static __thread bool suspended;
static uint64_t address_space;

void faults_begin(struct fault_plan next)
{
    plan = next;
    atomic_store(&seen, 0);
    atomic_store(&fired, 0);
}

unsigned long faults_end(void)
{
    plan.n = 0;
    return atomic_load(&fired);
}

void faults_suspend(bool now)
{
    suspended = now;
}

void faults_address_space(uint64_t bytes)
{
    address_space = bytes;
}

static bool is_planned(enum fault_call call)
{
    if (plan.call == FAULT_MAPPING)
        return call == FAULT_MMAP || call == FAULT_MUNMAP || call == FAULT_MREMAP;
    return plan.call == FAULT_ANY || plan.call == call;
}

bool faults_fire(enum fault_call call)
{
    if (suspended || plan.n == 0 || !is_planned(call))
        return false;
    unsigned long count = atomic_fetch_add(&seen, 1) + 1;
    bool fire = plan.pattern == FAULT_ONLY    ? count == plan.n
                : plan.pattern == FAULT_EVERY ? count % plan.n == 0
                                              : count >= plan.n;
    if (fire)
        atomic_fetch_add(&fired, 1);
    return fire;
}

static enum fault_call kind_of(long number, long c)
{
    switch (number) {
    case SYS_mmap:
        return FAULT_MMAP;
    case SYS_munmap:
        return FAULT_MUNMAP;
    case SYS_mprotect:
        return FAULT_MPROTECT;
    case SYS_madvise: /* advice that changes nothing fails where nothing is mapped, and only there
                       */
        return c == MADV_NORMAL ? FAULT_CALLS : FAULT_MADVISE;
    case SYS_mremap:
        return FAULT_MREMAP;
    case SYS_futex:
        return FAULT_FUTEX;
    case SYS_clock_gettime:
        return FAULT_CLOCK;
    case SYS_openat:
    case SYS_fallocate:
    case SYS_prlimit64:
        return FAULT_FILE;
    default:
        return FAULT_CALLS;
    }
}

/* Writable mappings outside the arena are added up. The arena's range is the one without access,
 * and what a failing call cleared is missing until it is mapped again. */
static atomic_size_t mapped;
static uintptr_t range_begin, range_end;
static struct hole {
    uintptr_t begin;
    size_t bytes;
} holes[HOLES];

size_t faults_mapped_bytes(void)
{
    return atomic_load(&mapped);
}

static bool is_in_range(long address)
{
    return (uintptr_t)address >= range_begin && (uintptr_t)address < range_end;
}

static size_t pages(long bytes)
{
    size_t page = (size_t)getpagesize();
    return ((size_t)bytes + page - 1) / page * page;
}

static void clear(long address, long bytes)
{
    os_syscall(SYS_munmap, address, bytes, 0, 0, 0, 0);
    if (is_in_range(address))
        return;
    atomic_fetch_sub(&mapped, pages(bytes));
    for (int i = 0; i < HOLES; i++) {
        if (holes[i].bytes == 0) {
            holes[i] = (struct hole){(uintptr_t)address, pages(bytes)};
            return;
        }
    }
}

/* Of a hole in the arena nothing is to be added. */
static void fill(long address)
{
    for (int i = 0; i < HOLES; i++) {
        if (holes[i].bytes != 0 && holes[i].begin == (uintptr_t)address) {
            atomic_fetch_add(&mapped, holes[i].bytes);
            holes[i].bytes = 0;
        }
    }
}

static void account(long number, long a, long b, long c, long d, long result)
{
    if (number == SYS_mmap && d & MAP_FIXED_NOREPLACE) {
        fill(a);
    } else if (number == SYS_mmap && c == PROT_NONE) {
        range_begin = (uintptr_t)result;
        range_end = (uintptr_t)result + (size_t)b;
    } else if (number == SYS_mmap) {
        atomic_fetch_add(&mapped, pages(b));
    } else if (number == SYS_munmap && !is_in_range(a)) {
        atomic_fetch_sub(&mapped, pages(b));
    } else if (number == SYS_mremap && d & MREMAP_FIXED) {
        if (!is_in_range(a) && !(d & MREMAP_DONTUNMAP))
            atomic_fetch_sub(&mapped, pages(b)); /* over another one */
    } else if (number == SYS_mremap && !(d & MREMAP_FIXED)) {
        atomic_fetch_add(&mapped, pages(c) - pages(b));
    }
}

/* Every other failure leaves something half done, where the kernel may. */
static long fail(long number, long a, long b, long c, long d, long e)
{
    static const long advice_errors[] = {EINVAL, ENOMEM, EAGAIN},
                      remap_errors[] = {ENOMEM, EFAULT, EINVAL},
                      file_errors[] = {EMFILE, EROFS, ENOSPC};
    unsigned long turn = atomic_load(&fired);
    long half = (long)pages(b) / 2 / getpagesize() * getpagesize();
    switch (number) {
    case SYS_mmap:
        return -ENOMEM;
    case SYS_mprotect:
        if (turn % 2 && half > 0)
            os_syscall(number, a, half, c, 0, 0, 0);
        return -ENOMEM;
    case SYS_madvise:
        if (turn % 2 && half > 0)
            os_syscall(number, a, half, c, 0, 0, 0);
        return -advice_errors[turn % 3];
    case SYS_mremap:
        if (d & MREMAP_FIXED && turn % 2)
            clear(e, c);
        return -remap_errors[turn % 3];
    case SYS_futex:
        return b == FUTEX_WAKE_PRIVATE ? -EFAULT : turn % 2 ? -EINTR : -EAGAIN;
    case SYS_openat:
    case SYS_fallocate:
        return -file_errors[turn % 3];
    case SYS_prlimit64:
        return -EPERM;
    case SYS_clock_gettime:
        return -EINVAL;
    default:
        return -ENOMEM;
    }
}

long failing_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    enum fault_call kind = kind_of(number, c);
    if (kind != FAULT_CALLS && faults_fire(kind))
        return fail(number, a, b, c, d, e);
    if (number == SYS_prlimit64 && address_space != 0) {
        *(struct rlimit *)d = (struct rlimit){address_space, address_space};
        return 0;
    }
    long result = os_syscall(number, a, b, c, d, e, f);
    if ((unsigned long)result <= -4096ul)
        account(number, a, b, c, d, result);
    return result;
}
