/* SPDX-License-Identifier: MIT */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "counters.h"
#include "os_file.h"

#ifndef HAK_OS_SYSCALL /* tests/faults/ puts one here that fails on request */
#    define HAK_OS_SYSCALL "os_syscall.h"
#endif
#include HAK_OS_SYSCALL

#ifndef MREMAP_DONTUNMAP
#    define MREMAP_DONTUNMAP 4
#endif

static void *map(void *address, size_t bytes, int protection, int flags, int file)
{
    hak_count(HAK_COUNT_mmap);
    long result = os_syscall(SYS_mmap, (long)address, (long)bytes, protection, flags, file, 0);
    return hak_os_failed(result) ? NULL : (void *)result;
}

static bool unmap(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_munmap);
    return !hak_os_failed(os_syscall(SYS_munmap, (long)address, (long)bytes, 0, 0, 0, 0));
}

/*
 * A process has only so many mappings (vm.max_map_count), and what is cut out of the middle of one
 * leaves two: where there are too many, memory can't be unmapped. It is purged then, and kept in a
 * list through its own first bytes until unmapping works again.
 */
struct remnant {
    struct remnant *next;
    size_t bytes;
};

static struct remnant *remnants; /* any thread, atomically */
static bool unmapping;           /* likewise: only one takes from the list at a time */

static void keep_remnant(struct remnant *remnant)
{
    remnant->next = __atomic_load_n(&remnants, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&remnants, &remnant->next, remnant, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        continue;
}

static struct remnant *take_remnant(void)
{
    struct remnant *first = __atomic_load_n(&remnants, __ATOMIC_ACQUIRE);
    while (first && !__atomic_compare_exchange_n(&remnants, &first, first->next, true,
                                                 __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
        continue;
    return first;
}

void hak_os_unmap_remnants(void)
{
    struct remnant *remnant;
    if (!__atomic_load_n(&remnants, __ATOMIC_RELAXED) ||
        __atomic_exchange_n(&unmapping, true, __ATOMIC_ACQUIRE))
        return;
    while ((remnant = take_remnant())) {
        if (!unmap(remnant, remnant->bytes)) {
            keep_remnant(remnant);
            break;
        }
    }
    __atomic_store_n(&unmapping, false, __ATOMIC_RELEASE);
}

void hak_os_unmap(void *address, size_t bytes)
{
    if (unmap(address, bytes)) {
        hak_os_unmap_remnants();
        return;
    }
    hak_os_purge(address, bytes);
    struct remnant *remnant = address;
    remnant->bytes = bytes;
    keep_remnant(remnant);
}

/* Addresses alone are no loss where they can't be given back. */
static void trim(void *address, size_t bytes, int protection)
{
    if (bytes > 0 && protection == PROT_NONE)
        unmap(address, bytes);
    else if (bytes > 0)
        hak_os_unmap(address, bytes);
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
    trim(wide, (size_t)(aligned - wide), protection);
    trim(aligned + bytes, (size_t)(wide + more - (aligned + bytes)), protection);
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
    return !hak_os_failed(
        os_syscall(SYS_mprotect, (long)address, (long)bytes, PROT_READ | PROT_WRITE, 0, 0, 0));
}

bool hak_os_make_readable(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_mprotect);
    return !hak_os_failed(os_syscall(SYS_mprotect, (long)address, (long)bytes, PROT_READ, 0, 0, 0));
}

bool hak_os_uncommit(void *address, size_t bytes)
{
    return map(address, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE,
               -1) != NULL;
}

void hak_os_not_in_children(void *address, size_t bytes)
{
    hak_count(HAK_COUNT_madvise);
    os_syscall(SYS_madvise, (long)address, (long)bytes, MADV_DONTFORK, 0, 0, 0);
}

static bool advise(void *address, size_t bytes, int advice)
{
    hak_count(HAK_COUNT_madvise);
    return !hak_os_failed(os_syscall(SYS_madvise, (long)address, (long)bytes, advice, 0, 0, 0));
}

/* Emulators of processes (qemu-user) do less than a kernel, and say that they did it: before 7.2
 * what was given back keeps its contents, and up to now the place that pages were moved away from
 * can't be used any more. Each is tried once, on pages of its own; who says that it failed does not
 * lie. Any thread, atomically. */
enum trial { NOT_TRIED, WORKS, LIES };
static enum trial purging, moving;

static bool try_purging(void)
{
    size_t page = hak_os_page_bytes();
    char *trial = hak_os_map(page, page);
    if (!trial)
        return true; /* nobody knows, and the next time tells */
    *(volatile char *)trial = 1;
    bool lies = advise(trial, page, MADV_DONTNEED) && *(volatile char *)trial != 0;
    __atomic_store_n(&purging, lies ? LIES : WORKS, __ATOMIC_RELAXED);
    hak_os_unmap(trial, page);
    return !lies;
}

bool hak_os_purge(void *address, size_t bytes)
{
    enum trial known = __atomic_load_n(&purging, __ATOMIC_RELAXED);
    if (known == LIES || (known == NOT_TRIED && !try_purging()))
        return false;
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
    return hak_os_failed(result) ? NULL : (void *)result;
}

bool hak_os_fill(void *address, size_t bytes)
{
    void *filled = map(address, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1);
    if (filled && filled != address) /* a kernel that does not know the flag */
        unmap(filled, bytes);
    return filled == address;
}

/* Moves a mapping over what stands at `to`. Kernels may clear that place before they fail; advice
 * that changes nothing says whether it is still there. Whatever else may be mapped into a hole
 * meanwhile is not touched. */
static enum hak_os_replaced replace(void *from, void *to, size_t bytes, int flags)
{
    hak_count(HAK_COUNT_mremap);
    if (!hak_os_failed(os_syscall(SYS_mremap, (long)from, (long)bytes, (long)bytes,
                                  MREMAP_MAYMOVE | MREMAP_FIXED | flags, (long)to, 0)))
        return HAK_OS_REPLACED;
    return advise(to, bytes, MADV_NORMAL) || hak_os_fill(to, bytes) ? HAK_OS_KEPT : HAK_OS_LOST;
}

/* The clock is read to see, without a crash, whether the place can be used. */
static bool try_moving(void)
{
    size_t page = hak_os_page_bytes();
    char *pages = hak_os_map(2 * page, page);
    if (!pages)
        return true;
    *pages = 1;
    enum hak_os_replaced done = replace(pages, pages + page, page, MREMAP_DONTUNMAP);
    bool lies = done == HAK_OS_REPLACED &&
                os_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (long)pages, 0, 0, 0, 0) != 0;
    __atomic_store_n(&moving, lies ? LIES : WORKS, __ATOMIC_RELAXED);
    hak_os_unmap(pages, done == HAK_OS_LOST ? page : 2 * page);
    return !lies;
}

enum hak_os_replaced hak_os_move_pages(void *from, void *to, size_t bytes)
{
    enum trial known = __atomic_load_n(&moving, __ATOMIC_RELAXED);
    if (known == LIES || (known == NOT_TRIED && !try_moving()))
        return HAK_OS_KEPT;
    return replace(from, to, bytes, MREMAP_DONTUNMAP);
}

size_t hak_os_page_bytes(void)
{
    return (size_t)getpagesize();
}

enum hak_os_replaced hak_os_map_counter_file(const char *folder, void *address, size_t bytes)
{
    char path[512];
    long file = hak_os_file_create_own(path, sizeof path, folder, ".counters");
    if (hak_os_failed(file))
        return HAK_OS_KEPT;
    /* Allocated, not sparse: a full disk must be an error here, not a SIGBUS at some increment. And
     * mapped elsewhere first: a file that can't be is no reason to touch what stands there. */
    enum hak_os_replaced done = HAK_OS_KEPT;
    void *mapped = hak_os_failed(os_syscall(SYS_fallocate, file, 0, 0, (long)bytes, 0, 0))
                       ? NULL
                       : map(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, (int)file);
    if (mapped)
        done = replace(mapped, address, bytes, 0);
    if (done != HAK_OS_REPLACED)
        hak_os_file_remove(path);
    if (mapped && done != HAK_OS_REPLACED)
        hak_os_unmap(mapped, bytes);
    hak_os_file_close(file);
    return done;
}
