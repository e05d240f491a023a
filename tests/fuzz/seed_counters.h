/* SPDX-License-Identifier: MIT */
/* A counter region as libhakmem would have it, for seeds. */
#ifndef TESTS_SEED_COUNTERS_H
#define TESTS_SEED_COUNTERS_H

#include "counter_layout.h"

static inline struct hak_counter_header seed_counter_header(uint32_t pages)
{
    return (struct hak_counter_header){
        .magic = HAK_COUNTER_MAGIC,
        .version = HAK_COUNTER_VERSION,
        .header_bytes = HAK_COUNTER_HEADER_BYTES,
        .page_bytes = HAK_COUNTER_PAGE_BYTES,
        .page_capacity = 256,
        .page_count = pages,
        .counters = HAK_COUNT_END,
        .slab_classes = 3,
        .pages_shared = 1,
        .pid = 1,
        .levels = {"none", "magazine", "flat", "direct", "bitmap", "key"},
        .class_bytes = {16, 32, 48},
        .header_writes_per_malloc = 1,
        .header_reads_per_free = 1,
        .lut_hits_per_malloc = 2,
        .metadata_lookups_per_free = 3,
        .arena_base = 0x10000,
        .arena_bytes = 0x40000,
        .committed_bytes = 0x40000,
        .spans_bytes = 0x30000,
        .retained_bytes = 0x10000,
        .huge_bytes = 0x2000,
        .metadata_bytes = 0x3000,
        .record_bytes = 16,
    };
}

static inline struct hak_counter_page seed_counter_page(void)
{
    struct hak_counter_page page = {.mallocs = {1000, 20, 3}, .frees = {900, 20, 1}};
    page.mallocs[HAK_CLASS_LARGE] = 4;
    page.frees[HAK_CLASS_HUGE] = 1;
    for (int i = 0; i < HAK_COUNT_END; i++)
        page.count[i] = (uint64_t)i;
    return page;
}

#endif
