/* SPDX-License-Identifier: MIT */
/*
 * Every system call the allocator makes: one door, so that they can be counted and made to fail.
 * All of them leave errno alone and report failure by their result.
 */
#ifndef HAK_OS_H
#define HAK_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest page that a supported processor has; a multiple of every smaller one. */
enum { HAK_PAGE_BYTES_MAX = 64 * 1024 };

/* Of what the kernel answers. */
static inline bool hak_os_failed(long result)
{
    return (unsigned long)result > -4096ul;
}

/* Address space of `bytes` (a multiple of the page size) that can't be used until committed,
 * aligned to `alignment` (a power of two, at least a page). NULL on failure. */
void *hak_os_reserve(size_t bytes, size_t alignment);

/* Memory of its own, zero, readable and writable, aligned likewise. NULL on failure. */
void *hak_os_map(size_t bytes, size_t alignment);

/* Of memory from hak_os_map, or part of it. Where the kernel won't, its pages are given back, and
 * it is tried again after later calls that succeed. */
void hak_os_unmap(void *address, size_t bytes);
void hak_os_unmap_remnants(void); /* or now */

/* Makes reserved pages readable and writable. */
bool hak_os_commit(void *address, size_t bytes);

/* Makes reserved pages readable: all zero, and no memory until they are committed. */
bool hak_os_make_readable(void *address, size_t bytes);

/* Gives the pages' memory back to the kernel; they stay mapped and read as zero. False where the
 * kernel refuses, or does not do what it says. */
bool hak_os_purge(void *address, size_t bytes);

/* No huge pages and no core dump for the allocator's own tables. Advice only. */
void hak_os_advise_metadata(void *address, size_t bytes);

/* Nothing is mapped there in a child of fork. */
void hak_os_not_in_children(void *address, size_t bytes);

/* Grows or shrinks a mapping of its own, which may move. NULL on failure: the old one is untouched.
 */
void *hak_os_remap(void *address, size_t old_bytes, size_t new_bytes);

/* What became of a place over which something else was to be mapped. */
enum hak_os_replaced {
    HAK_OS_REPLACED,
    HAK_OS_KEPT, /* it couldn't be done; the place can be written to, its contents may be gone */
    HAK_OS_LOST  /* nor that: nothing is mapped there now. hak_os_fill repairs it */
};

/* Moves the pages of one range into another of the same length, both committed and page-aligned;
 * the old range reads as zero afterwards. Kept where the kernel can't (before Linux 5.7), or does
 * not do what it says. */
enum hak_os_replaced hak_os_move_pages(void *from, void *to, size_t bytes);

/* Zero memory where nothing is mapped. False: something is, or there is no memory. */
bool hak_os_fill(void *address, size_t bytes);

/* Waits while *word is `value`, or until woken, or for no reason; wakes one who waits. */
void hak_os_wait(uint32_t *word, uint32_t value);
/* The same for so many milliseconds, less than 1000. False: they are over. */
bool hak_os_wait_briefly(uint32_t *word, uint32_t value, uint32_t milliseconds);
void hak_os_wake(uint32_t *word);

/* Makes the clock a fast one; until then each look is a system call. `environment`: the one on the
 * first stack, or NULL where it is not known. */
void hak_os_start_clock(char **environment);

/* Makes committed pages reserved ones again: no memory, and no access. */
bool hak_os_uncommit(void *address, size_t bytes);

/* Numbers nobody can guess; where the kernel has none to give, some that are hard to. */
void hak_os_random(void *numbers, size_t bytes);

size_t hak_os_page_bytes(void);
int32_t hak_os_process_id(void); /* another in a forked child */
uint32_t hak_os_thread_id(void);
uint32_t hak_os_milliseconds(void);      /* monotonic, coarse; wraps after 49 days */
uint64_t hak_os_epoch_ns(void);          /* of 1970; 0 where nobody knows */
uint64_t hak_os_nanoseconds(void);       /* monotonic */
uint64_t hak_os_address_space_max(void); /* RLIMIT_AS in bytes; UINT64_MAX: unlimited */
void hak_os_write_error(const char *text, size_t bytes);

/* A new file for `bytes` of counters in `folder`, mapped shared over `address`, which must be
 * mapped already; no file where it is not replaced. */
enum hak_os_replaced hak_os_map_counter_file(const char *folder, void *address, size_t bytes);

/* Copies memory of this process as far as there is any: how many bytes. */
size_t hak_os_copy_own(void *to, uint64_t address, size_t bytes);

#endif
