/* SPDX-License-Identifier: MIT */
/*
 * What a program may ask libhakmem besides malloc's own functions. malloc, free and the others are
 * declared where they always are, in stdlib.h and malloc.h.
 *
 * A program that is linked with libhakmem includes this and calls. One that runs on whatever malloc
 * it is given, and on libhakmem only where that is preloaded, defines HAKMEM_WEAK before it
 * includes this: then a function's address is NULL where there is no libhakmem.
 *
 *     #define HAKMEM_WEAK
 *     #include <hakmem.h>
 *     ...
 *     if (hakmem_trim)
 *         hakmem_trim();
 *
 * All functions may be called by any thread at any time, but not in a signal handler. C and C++.
 */
#ifndef HAKMEM_H
#define HAKMEM_H

#include <stddef.h>
#include <stdint.h>

#ifdef HAKMEM_WEAK
#    define HAKMEM_API __attribute__((visibility("default"), weak))
#else
#    define HAKMEM_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Figures of this process, since it began or was forked. Other threads run on while they are added
 * up, so each is exact only while these rest. Later versions append fields; none is ever removed,
 * moved or given another meaning.
 */
struct hakmem_stats {
    uint64_t live_bytes;   /* in blocks handed out and not freed: what malloc_usable_size says */
    uint64_t mapped_bytes; /* of address space that can be read and written; not all is resident */
    uint64_t retained_bytes; /* of these, in free spans that the kernel has not got back yet */
    uint64_t huge_bytes;     /* of these, in blocks with a mapping of their own */
    uint64_t metadata_bytes; /* of these, the allocator's own tables and magazines */
    uint64_t mallocs;        /* blocks handed out, by whatever function */
    uint64_t frees;          /* blocks taken back; a realloc that moves its block is in both */
    uint64_t refused;        /* requests refused for want of memory */
};

/*
 * Tells what the allocator holds and did. Writes the figures into the `bytes` bytes at `stats`:
 * sizeof(struct hakmem_stats) of the header that the program was compiled with. Returns how many of
 * them this library knows; what is beyond is zero. So a program may be older or newer than the
 * library that it runs on. Does not allocate.
 */
HAKMEM_API size_t hakmem_stats(struct hakmem_stats *stats, size_t bytes);

/*
 * Gives unused memory back to the kernel. At once, that is, instead of half a second after it was
 * freed: what the calling thread and ended threads keep for their next requests, and all free
 * spans. Returns how many bytes of free spans were given back. Takes up to milliseconds; the next
 * requests are slower.
 */
HAKMEM_API size_t hakmem_trim(void);

/* Tells the library's version. It is "MAJOR.MINOR.PATCH", in a string that stays. */
HAKMEM_API const char *hakmem_version(void);

#ifdef __cplusplus
}
#endif

#endif
