/* SPDX-License-Identifier: MIT */
/*
 * The layout of hakmem's counters, shared by the allocator (which writes them) and by hakmem-trace
 * (which reads them while the program runs, or after it ended). This header depends on nothing.
 *
 * A counter region is one header followed by `page_capacity` pages of HAK_COUNTER_PAGE_BYTES each:
 *
 *      0                4096          4096 + 2048     4096 + 2 * 2048
 *      +----------------+-------------+---------------+----
 *      | header         | page 0      | page 1        | ...       one page a heap
 *      +----------------+-------------+---------------+----
 *
 * The region is anonymous memory, or, when the environment variable HAKMEM_COUNTERS_DIR names a
 * folder, the file `<pid>.<n>.counters` in it (n = 0, 1, ... : one file for each program image that
 * the process executes). A page is written by one thread at a time, with plain increments; a reader
 * sees each 64-bit word whole. Pages at or beyond `page_count` have never been used.
 *
 * An ELF note leads a reader with access to the memory of the process to the region. Its descriptor
 * is an int32_t: where the pointer to the header stands, counted from the descriptor itself. Notes
 * are mapped with the library, and what strips or deletes its file leaves them there.
 */
#ifndef HAK_COUNTER_LAYOUT_H
#define HAK_COUNTER_LAYOUT_H

#include <stdint.h>

#define HAK_COUNTER_MAGIC        0x31306d656d6b6168u /* "hakmem01" */
#define HAK_COUNTER_VERSION      2u
#define HAK_COUNTER_HEADER_BYTES 4096u
#define HAK_COUNTER_PAGE_BYTES   2048u
#define HAK_RELEASE_BYTES        16u

#define HAK_COUNTER_NOTE_OWNER "hakmem"
#define HAK_COUNTER_NOTE_TYPE  1u

/* Size classes as the counters name them: slab classes from 0, then two for what no slab holds. */
#define HAK_COUNTER_CLASSES 64u
#define HAK_CLASS_LARGE     62u /* spans of the arena */
#define HAK_CLASS_HUGE      63u /* mappings of their own */

/* The arena is divided into units of so many bytes; a span is one unit or several in a row. */
#define HAK_UNIT_BYTES 65536u

enum hak_unit_state {
    HAK_UNIT_INSIDE, /* or never used */
    HAK_UNIT_FREE,   /* first or last unit of a free span */
    HAK_UNIT_USED,   /* first or last unit of a span in use */
};

/* How each unit's record begins, in the memory of the process, at `records_address`. Written under
 * the arena's lock, so a reader that is not stopped by it may see a span half made. */
struct hak_unit_head {
    uint32_t units; /* length of the span that starts or ends here */
    uint8_t state;  /* enum hak_unit_state */
};

/* Low six bits of the word of a span's first unit: a slab's class, HAK_CLASS_LARGE, or this. */
#define HAK_CLASS_INTERNAL 63u /* the allocator's own: magazines */

/*
 * X(name, what it counts). Blocks handed out and taken back are counted by size class in
 * `mallocs` and `frees`; these count everything else. metrics.c makes names and help of OpenMetrics
 * from both words, so each text must be clear alone.
 */
#define HAK_COUNTERS(X)                                                                            \
    X(calloc, "calls of calloc")                                                                   \
    X(realloc, "calls of realloc and reallocarray on a block")                                     \
    X(realloc_in_place, "calls of realloc answered without moving the block")                      \
    X(realloc_moved, "calls of realloc answered by a new block (one malloc and one free each)")    \
    X(aligned, "calls of aligned_alloc, memalign, posix_memalign, valloc, pvalloc")                \
    X(operator_new, "calls of C++ operator new")                                                   \
    X(operator_delete, "calls of C++ operator delete on a block")                                  \
    X(usable_size, "calls of malloc_usable_size on a block")                                       \
    X(lookups, "metadata lookups besides the one of every free")                                   \
    X(refills, "a thread cache ran empty")                                                         \
    X(refills_depot, "refills served by a magazine of the heap's depot")                           \
    X(refills_remote, "refills served by blocks other threads freed")                              \
    X(refills_slab, "refills served by blocks of a slab")                                          \
    X(overflows, "a thread cache ran full")                                                        \
    X(overflows_depot, "overflows whose magazine went to the depot")                               \
    X(overflows_slab, "overflows whose blocks went back to their slabs")                           \
    X(slab_takes, "slabs taken from the arena")                                                    \
    X(slab_gives, "slabs given back to the arena")                                                 \
    X(slab_blocks_taken, "blocks taken out of slabs")                                              \
    X(slab_blocks_given, "blocks put back into slabs")                                             \
    X(remote_frees, "blocks freed by a thread that does not own them")                             \
    X(remote_publishes, "magazines of remotely freed blocks handed to their owner")                \
    X(remote_blocks_published, "blocks in the magazines handed to their owner")                    \
    X(remote_collects, "times an owner emptied its inbox")                                         \
    X(remote_blocks_collected, "blocks that owners found in their inboxes")                        \
    X(span_takes, "spans taken from the arena (slabs and large blocks)")                           \
    X(span_gives, "spans given back to the arena")                                                 \
    X(large_bytes_allocated, "bytes of large and huge blocks handed out")                          \
    X(large_bytes_freed, "bytes of large and huge blocks taken back")                              \
    X(purges, "free spans given back to the kernel")                                               \
    X(purged_bytes, "bytes in free spans given back to the kernel")                                \
    X(heaps_created, "heaps made")                                                                 \
    X(heaps_adopted, "heaps of ended threads taken over whole")                                    \
    X(heaps_orphaned, "heaps left behind by ended threads")                                        \
    X(locks, "locks taken")                                                                        \
    X(locks_contended, "locks taken after waiting")                                                \
    X(atomics, "atomic read-modify-write instructions besides those of the locks")                 \
    X(mmap, "mmap system calls")                                                                   \
    X(munmap, "munmap system calls")                                                               \
    X(mprotect, "mprotect system calls")                                                           \
    X(madvise, "madvise system calls")                                                             \
    X(mremap, "mremap system calls")                                                               \
    X(futex, "futex system calls")                                                                 \
    X(out_of_memory, "requests refused for want of memory")                                        \
    X(suspicions, "frees whose block looked freed already and was looked up")

enum hak_counter {
#define HAK_COUNTER_ENUM(name, text) HAK_COUNT_##name,
    HAK_COUNTERS(HAK_COUNTER_ENUM)
#undef HAK_COUNTER_ENUM
        HAK_COUNT_END
};

/* One heap's counters. Written by the thread that has the heap, read by anybody. */
struct hak_counter_page {
    uint64_t mallocs[HAK_COUNTER_CLASSES]; /* blocks handed out, by size class */
    uint64_t
        frees[HAK_COUNTER_CLASSES]; /* blocks taken back, by size class, by the freeing thread */
    uint64_t count[HAK_COUNT_END];
};

/* The five factors and `check`, in the order of `levels` below. */
enum hak_factor {
    HAK_FACTOR_HEADER,
    HAK_FACTOR_CACHE,
    HAK_FACTOR_METADATA,
    HAK_FACTOR_CLASSIFY,
    HAK_FACTOR_FREELIST,
    HAK_FACTOR_CHECK,
    HAK_FACTOR_END
};

struct hak_counter_header {
    uint64_t magic;
    uint32_t version;
    uint32_t header_bytes;  /* HAK_COUNTER_HEADER_BYTES */
    uint32_t page_bytes;    /* HAK_COUNTER_PAGE_BYTES */
    uint32_t page_capacity; /* pages in the region */
    uint32_t page_count;    /* pages in use; only grows */
    uint32_t counters;      /* HAK_COUNT_END */
    uint32_t slab_classes;  /* entries of class_bytes in use */
    uint32_t
        pages_shared; /* 1: more heaps than pages, the last page is shared and may lose counts */
    uint64_t pid;
    char levels[HAK_FACTOR_END][16];           /* the level each factor was built with */
    uint32_t class_bytes[HAK_COUNTER_CLASSES]; /* block size of each slab class, in bytes */

    /* What every operation on a slab block does by construction, so that nothing has to be
     * incremented for it: totals are these times the operations. Fixed by the factor levels. */
    uint32_t header_writes_per_malloc;
    uint32_t header_reads_per_free;
    uint32_t lut_hits_per_malloc;
    uint32_t metadata_lookups_per_free;

    /* Gauges, in bytes. Written under the arena's lock. */
    uint64_t arena_base;      /* address of the reserved range */
    uint64_t arena_bytes;     /* its length */
    uint64_t committed_bytes; /* readable and writable part of it */
    uint64_t spans_bytes;     /* in slabs and large blocks now */
    uint64_t retained_bytes;  /* free spans not yet given back to the kernel */
    uint64_t huge_bytes;      /* in mappings of their own now */
    uint64_t metadata_bytes;  /* heaps, slab records, magazines: committed */

    /* Where a reader with access to the memory of the process finds the arena's tables, which end
     * at `arena_base`; 0: no arena. */
    uint64_t words_address; /* where they begin: a uint32_t for each unit: owner << 8 | class of its
                               span */
    uint64_t records_address; /* a record for each unit, see struct hak_unit_head */
    uint32_t record_bytes;

    /* Since the same version of the layout; zero and empty where the library is older. */
    char release[HAK_RELEASE_BYTES]; /* of the library: "0.1.0" */
    uint64_t started_ns;             /* when these counters began, in ns of the epoch */
};

_Static_assert(sizeof(struct hak_counter_header) <= HAK_COUNTER_HEADER_BYTES, "header fits");
_Static_assert(sizeof(struct hak_counter_page) <= HAK_COUNTER_PAGE_BYTES, "page fits");

#endif
