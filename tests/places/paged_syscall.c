/* SPDX-License-Identifier: MIT */
/* See paged_syscall.h. errno is left alone, as by the allocator's own system calls. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../src/os_syscall.h"

__attribute__((visibility("hidden"))) long paged_syscall(long number, long a, long b, long c,
                                                         long d, long e, long f);

static bool is_odd(long address)
{
    return address % PAGED_BYTES != 0;
}

static long whole(long bytes)
{
    return (bytes + PAGED_BYTES - 1) & -(long)PAGED_BYTES;
}

/* Where the kernel chooses, it chooses a multiple of a page. */
static long map(long bytes, long protection, long flags, long file)
{
    long wide = os_syscall(SYS_mmap, 0, bytes + PAGED_BYTES, protection, flags, file, 0);
    if ((unsigned long)wide > -4096ul)
        return wide;
    long address = whole(wide);
    if (address > wide)
        os_syscall(SYS_munmap, wide, address - wide, 0, 0, 0, 0);
    os_syscall(SYS_munmap, address + bytes, wide + PAGED_BYTES - address, 0, 0, 0, 0);
    return address;
}

/* Behind a file's end the kernel clears its last page whenever it writes it out: so to use that is
 * a mistake, and ends the program here. */
static long map_file(long address, long bytes, long protection, long flags, long file)
{
    long page = getpagesize(), exact = (bytes + page - 1) & -page;
    long result = os_syscall(SYS_mmap, address, exact, protection, flags, file, 0);
    if (result == address && whole(bytes) > exact)
        os_syscall(SYS_mmap, address + exact, whole(bytes) - exact, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return result;
}

/* A file's first page comes first, so it is mapped into a place that was made before. */
static long place_file(long bytes, long protection, long flags, long file)
{
    long place = map(whole(bytes), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if ((unsigned long)place > -4096ul)
        return place;
    return map_file(place, bytes, protection, flags | MAP_FIXED, file);
}

static long advise(long address, long bytes, long advice)
{
    if (advice == MADV_DONTNEED && getenv("HAKMEM_TEST_KEEP_PAGES"))
        return 0;
    return os_syscall(SYS_madvise, address, bytes, advice, 0, 0, 0);
}

static long move(long address, long bytes, long flags, long to)
{
    long result = os_syscall(SYS_mremap, address, bytes, bytes, flags, to, 0);
    if (result == to && getenv("HAKMEM_TEST_KEEP_PAGES"))
        os_syscall(SYS_mprotect, address, bytes, PROT_NONE, 0, 0, 0);
    return result;
}

/* A mapping that grows may move, to a multiple of a page. */
static long remap(long address, long old_bytes, long bytes, long flags, long to)
{
    if (flags & MREMAP_FIXED)
        return is_odd(to) ? -EINVAL : move(address, bytes, flags, to);
    long result = os_syscall(SYS_mremap, address, old_bytes, bytes, 0, 0, 0);
    if (result != -ENOMEM)
        return result;
    long place = map(bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if ((unsigned long)place > -4096ul)
        return place;
    return os_syscall(SYS_mremap, address, old_bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place,
                      0);
}

long paged_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    switch (number) {
    case SYS_mmap:
        if (!(d & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
            return d & MAP_ANONYMOUS ? map(whole(b), c, d, e) : place_file(b, c, d, e);
        if (is_odd(a))
            return -EINVAL;
        return d & MAP_ANONYMOUS ? os_syscall(number, a, whole(b), c, d, e, f)
                                 : map_file(a, b, c, d, e);
    case SYS_munmap:
    case SYS_mprotect:
        return is_odd(a) ? -EINVAL : os_syscall(number, a, whole(b), c, d, e, f);
    case SYS_madvise:
        return is_odd(a) ? -EINVAL : advise(a, whole(b), c);
    case SYS_mremap:
        return is_odd(a) ? -EINVAL : remap(a, whole(b), whole(c), d, e);
    default:
        return os_syscall(number, a, b, c, d, e, f);
    }
}
