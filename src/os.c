/* SPDX-License-Identifier: MIT */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "measures.h"
#include "os_syscall.h"
#include "vdso.h"

#include HAK_SEAL

#ifndef MREMAP_DONTUNMAP
#    define MREMAP_DONTUNMAP 4
#endif

static bool failed(long result)
{
    return (unsigned long)result > -4096ul;
}

static void *map(void *address, size_t bytes, int protection, int flags, int file)
{
    hak_count(HAK_COUNT_mmap);
    long result = os_syscall(SYS_mmap, (long)address, (long)bytes, protection, flags, file, 0);
    return failed(result) ? NULL : (void *)result;
}

void hak_os_unmap(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_munmap);
    os_syscall(SYS_munmap, (long)address, (long)bytes, 0, 0, 0, 0);
}

/* Maps more than asked and cuts off both ends; alignment is at least a page. */
static void *map_aligned(size_t bytes, size_t alignment, int protection, int flags)
{
    flags |= MAP_PRIVATE | MAP_ANONYMOUS;
    if (alignment <= hak_os_page_bytes())
        return map(NULL, bytes, protection, flags, -1);
    size_t more;
    if (__builtin_add_overflow(bytes, alignment, &more))
        return NULL;
    char *wide = map(NULL, more, protection, flags, -1);
    if (!wide)
        return NULL;
    char *aligned = (char *)(((uintptr_t)wide + alignment - 1) & ~(uintptr_t)(alignment - 1));
    if (aligned > wide)
        hak_os_unmap(wide, (size_t)(aligned - wide));
    if (aligned + bytes < wide + more)
        hak_os_unmap(aligned + bytes, (size_t)(wide + more - (aligned + bytes)));
    return aligned;
}

void *hak_os_reserve(size_t bytes, size_t alignment)
{
    return map_aligned(bytes, alignment, PROT_NONE, MAP_NORESERVE);
}

void *hak_os_map(size_t bytes, size_t alignment)
{
    return map_aligned(bytes, alignment, PROT_READ | PROT_WRITE, 0);
}

bool hak_os_commit(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_mprotect);
    return !failed(
        os_syscall(SYS_mprotect, (long)address, (long)bytes, PROT_READ | PROT_WRITE, 0, 0, 0));
}

bool hak_os_make_readable(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_mprotect);
    return !failed(os_syscall(SYS_mprotect, (long)address, (long)bytes, PROT_READ, 0, 0, 0));
}

bool hak_os_uncommit(void *address, size_t bytes)
{
    return map(address, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE,
               -1) != NULL;
}

static bool advise(void *address, size_t bytes, int advice)
{
    hak_count(HAK_COUNT_madvise);
    return !failed(os_syscall(SYS_madvise, (long)address, (long)bytes, advice, 0, 0, 0));
}

bool hak_os_purge(void *address, size_t bytes)
{
    return advise(address, bytes, MADV_DONTNEED);
}

void hak_os_advise_metadata(void *address, size_t bytes)
{
    advise(address, bytes, MADV_NOHUGEPAGE);
    advise(address, bytes, MADV_DONTDUMP);
}

void *hak_os_remap(void *address, size_t old_bytes, size_t new_bytes)
{
    hak_count(HAK_COUNT_mremap);
    long result = os_syscall(SYS_mremap, (long)address, (long)old_bytes, (long)new_bytes,
                             MREMAP_MAYMOVE, 0, 0);
    return failed(result) ? NULL : (void *)result;
}

bool hak_os_move_pages(void *from, void *to, size_t bytes)
{
    hak_count(HAK_COUNT_mremap);
    if (!failed(os_syscall(SYS_mremap, (long)from, (long)bytes, (long)bytes,
                           MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, (long)to, 0)))
        return true;
    /* The kernel clears the destination before it can fail for want of mappings. */
    map(to, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1);
    return false;
}

void hak_os_wait(uint32_t *word, uint32_t value)
{
    hak_count(HAK_COUNT_futex);
    os_syscall(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)value, 0, 0, 0);
}

void hak_os_wake(uint32_t *word)
{
    hak_count(HAK_COUNT_futex);
    os_syscall(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

size_t hak_os_page_bytes(void)
{
    return (size_t)getpagesize();
}

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

uint32_t hak_os_milliseconds(void)
{
    struct timespec now = {0};
    __atomic_load_n(&the_clock.read, __ATOMIC_RELAXED)(CLOCK_MONOTONIC_COARSE, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
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
    struct timespec now = {0};
    ask_kernel(CLOCK_MONOTONIC, &now);
    uint64_t state = mix((uint64_t)now.tv_nsec) ^ mix((uintptr_t)&now) ^ mix((uintptr_t)&errno) ^
                     mix((uintptr_t)&hak_os_random);
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)numbers)[i] = (unsigned char)(state = mix(state));
}

uint64_t hak_os_address_space_max(void)
{
    struct rlimit limit = {0};
    if (failed(os_syscall(SYS_prlimit64, 0, RLIMIT_AS, 0, (long)&limit, 0, 0)) ||
        limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
}

void hak_os_write_error(const char *text, size_t bytes)
{
    os_syscall(SYS_write, STDERR_FILENO, (long)text, (long)bytes, 0, 0, 0);
}

/* Writes `folder`/`pid`.`number`.counters; false where it does not fit. */
static bool counter_path(char *path, size_t bytes, const char *folder, long pid, int number)
{
    size_t length = strnlen(folder, bytes);
    char digits[24];
    if (length + sizeof digits + sizeof ".0.counters" > bytes)
        return false;
    memcpy(path, folder, length);
    path[length++] = '/';
    size_t count = 0;
    do
        digits[count++] = (char)('0' + pid % 10);
    while ((pid /= 10) > 0);
    while (count > 0)
        path[length++] = digits[--count];
    path[length++] = '.';
    if (number >= 10)
        path[length++] = (char)('0' + number / 10);
    path[length++] = (char)('0' + number % 10);
    memcpy(path + length, ".counters", sizeof ".counters");
    return true;
}

bool hak_os_map_counter_file(const char *folder, void *address, size_t bytes)
{
    enum { IMAGES = 100 }; /* programs one process may execute and still be counted */
    char path[512];
    long pid = os_syscall(SYS_getpid, 0, 0, 0, 0, 0, 0);
    long file = -EEXIST;
    for (int number = 0; number < IMAGES && file == -EEXIST; number++) {
        if (!counter_path(path, sizeof path, folder, pid, number))
            return false;
        file = os_syscall(SYS_openat, AT_FDCWD, (long)path,
                          O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600, 0, 0);
    }
    if (failed(file))
        return false;
    /* Allocated, not sparse: a full disk must be an error here, not a SIGBUS at some increment. */
    bool done = !failed(os_syscall(SYS_fallocate, file, 0, 0, (long)bytes, 0, 0)) &&
                map(address, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, (int)file);
    if (!done)
        os_syscall(SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
    os_syscall(SYS_close, file, 0, 0, 0, 0, 0);
    return done;
}
