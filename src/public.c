/* SPDX-License-Identifier: MIT */
/* The functions of hakmem.h. */
#include "hakmem.h"

#include <string.h>

#include "arena.h"
#include "counter_meaning.h"
#include "counters.h"
#include "export.h"
#include "glibc_names.h"
#include "heap.h"
#include "large.h"
#include "os.h"

HAK_EXPORT struct mallinfo2 HAK_NAME(mallinfo2)(void);

size_t hakmem_stats(struct hakmem_stats *stats, size_t bytes)
{
    struct hak_counter_page sum;
    struct hak_counter_header gauges = hak_counters_gauges();
    struct mallinfo2 info = HAK_NAME(mallinfo2)();
    hak_heap_counters(&sum);
    struct hakmem_stats known = {
        .live_bytes = info.uordblks + info.hblkhd,
        .mapped_bytes = hak_counted_mapped(&gauges),
        .retained_bytes = gauges.retained_bytes,
        .huge_bytes = gauges.huge_bytes,
        .metadata_bytes = gauges.metadata_bytes,
        .mallocs = hak_counted_blocks(sum.mallocs),
        .frees = hak_counted_blocks(sum.frees),
        .refused = sum.count[HAK_COUNT_out_of_memory],
    };
    size_t filled = bytes < sizeof known ? bytes : sizeof known;
    memset(stats, 0, bytes);
    memcpy(stats, &known, filled);
    return filled;
}

size_t hakmem_trim(void)
{
    hak_heap_attach();
    hak_heap_trim();
    hak_large_recover();
    hak_os_unmap_remnants();
    return hak_arena_purge(true);
}

const char *hakmem_version(void)
{
    return HAK_VERSION;
}
