/* SPDX-License-Identifier: MIT */
/*
 * What the counters of counter_layout.h say together: one place for the allocator, which writes
 * its metrics when a program ends, and for hakmem-trace, which reads counters of others. Sums of
 * forged counters wrap; nothing else happens.
 */
#ifndef HAK_COUNTER_MEANING_H
#define HAK_COUNTER_MEANING_H

#include "counter_layout.h"

/* Blocks of slabs in `mallocs` or `frees`. */
static inline uint64_t hak_counted_in_slabs(const uint64_t *classes)
{
    uint64_t total = 0;
    for (uint32_t c = 0; c < HAK_CLASS_LARGE; c++)
        total += classes[c];
    return total;
}

/* Those of all classes. */
static inline uint64_t hak_counted_blocks(const uint64_t *classes)
{
    return hak_counted_in_slabs(classes) + classes[HAK_CLASS_LARGE] + classes[HAK_CLASS_HUGE];
}

/* Bytes of the blocks of slabs, by the sizes of their classes. */
static inline uint64_t hak_counted_slab_bytes(const struct hak_counter_header *header,
                                              const uint64_t *classes)
{
    uint64_t bytes = 0;
    for (uint32_t c = 0; c < header->slab_classes && c < HAK_CLASS_LARGE; c++)
        bytes += classes[c] * header->class_bytes[c];
    return bytes;
}

/* Bytes in blocks handed out and not taken back. What one thread hands out and another frees while
 * both are added up may be known as freed only: never less than nothing. */
static inline uint64_t hak_counted_live(const struct hak_counter_header *header,
                                        const struct hak_counter_page *sum)
{
    uint64_t taken =
        hak_counted_slab_bytes(header, sum->mallocs) + sum->count[HAK_COUNT_large_bytes_allocated];
    uint64_t given =
        hak_counted_slab_bytes(header, sum->frees) + sum->count[HAK_COUNT_large_bytes_freed];
    return taken > given ? taken - given : 0;
}

/* Bytes readable and writable: the arena's, blocks in mappings of their own, metadata. */
static inline uint64_t hak_counted_mapped(const struct hak_counter_header *header)
{
    return header->committed_bytes + header->huge_bytes + header->metadata_bytes;
}

/*
 * Operations: calls of the public entry points that had a block to give, take or look at.
 *
 * `mallocs` and `frees` count blocks handed out and taken back by any entry point, so calloc, the
 * aligned functions and the C++ operators are in them. A realloc that moved its block is in them
 * twice and once in `realloc`; one that did not is in `realloc` alone. realloc(NULL, n) is a
 * malloc, realloc(p, 0) a free, and neither is counted in `realloc`. malloc_usable_size is in
 * neither. free(NULL) and refused requests are not counted by the allocator.
 */
static inline uint64_t hak_counted_operations(const struct hak_counter_page *sum)
{
    return hak_counted_blocks(sum->mallocs) + hak_counted_blocks(sum->frees) -
           2 * sum->count[HAK_COUNT_realloc_moved] + sum->count[HAK_COUNT_realloc] +
           sum->count[HAK_COUNT_usable_size];
}

/* What every operation does by construction: the operations times what the header says. */
static inline uint64_t hak_counted_header_writes(const struct hak_counter_header *header,
                                                 const struct hak_counter_page *sum)
{
    return hak_counted_in_slabs(sum->mallocs) * header->header_writes_per_malloc;
}

static inline uint64_t hak_counted_header_reads(const struct hak_counter_header *header,
                                                const struct hak_counter_page *sum)
{
    return hak_counted_in_slabs(sum->frees) * header->header_reads_per_free;
}

static inline uint64_t hak_counted_lut_hits(const struct hak_counter_header *header,
                                            const struct hak_counter_page *sum)
{
    return hak_counted_in_slabs(sum->mallocs) * header->lut_hits_per_malloc;
}

static inline uint64_t hak_counted_metadata_lookups(const struct hak_counter_header *header,
                                                    const struct hak_counter_page *sum)
{
    return hak_counted_blocks(sum->frees) * header->metadata_lookups_per_free +
           sum->count[HAK_COUNT_lookups];
}

#endif
