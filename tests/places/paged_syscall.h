/* SPDX-License-Identifier: MIT */
/*
 * In place of src/os_syscall.h, for a test build of src/os.c: a kernel with larger pages than this
 * one's, as the allocator sees it. Addresses that are no multiple of a page are refused, lengths
 * are rounded up to whole pages, new mappings begin at one, and in a file's last page nothing may
 * be used behind its end. PAGED_BYTES is the page; a power of two, at least this kernel's.
 *
 * HAKMEM_TEST_KEEP_PAGES in the environment: an emulator of processes. madvise says that it gave
 * memory back, and did not; the place that mremap moved pages away from can't be used.
 */
#ifndef HAK_OS_SYSCALL_H
#define HAK_OS_SYSCALL_H

#include <unistd.h> /* before its getpagesize gets another name */

long paged_syscall(long number, long a, long b, long c, long d, long e, long f);
#define os_syscall paged_syscall

static inline int paged_page_bytes(void)
{
    return PAGED_BYTES;
}
#define getpagesize paged_page_bytes

#endif
