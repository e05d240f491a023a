/* SPDX-License-Identifier: MIT */
/* What the allocator tells about itself: mallinfo, malloc_info, malloc_stats, and the report at
 * exit. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "block_room.h"
#include "counter_meaning.h"
#include "counters.h"
#include "export.h"
#include "factors.h"
#include "glibc_names.h"
#include "hakmem.h"
#include "heap.h"
#include "metrics_file.h"
#include "os.h"
#include "sample.h"
#include "tally.h"

static uint64_t slab_bytes_live(const struct hak_counter_page *sum)
{
    uint64_t bytes = 0;
    for (size_t c = 0; c < HAK_CLASSES; c++)
        bytes += (sum->mallocs[c] - sum->frees[c]) * (hak_class_bytes[c] - HAK_BLOCK_ROOM);
    return bytes;
}

/* What one thread hands out and another frees while they are being added up may be known as freed
 * only: then less than nothing would be live. */
static uint64_t at_least_zero(uint64_t difference)
{
    return (int64_t)difference < 0 ? 0 : difference;
}

static uint64_t bytes_live(const struct hak_counter_page *sum)
{
    return at_least_zero(slab_bytes_live(sum) + sum->count[HAK_COUNT_large_bytes_allocated] -
                         sum->count[HAK_COUNT_large_bytes_freed]);
}

HAK_EXPORT struct mallinfo2 HAK_NAME(mallinfo2)(void);
struct mallinfo2 HAK_NAME(mallinfo2)(void)
{
    struct hak_counter_page sum;
    hak_heap_counters(&sum);
    struct hak_counter_header gauges = hak_counters_gauges();
    uint64_t live = at_least_zero(bytes_live(&sum) - gauges.huge_bytes);
    uint64_t arena = gauges.spans_bytes + gauges.retained_bytes;
    return (struct mallinfo2){
        .arena = arena,
        .hblks = at_least_zero(sum.mallocs[HAK_CLASS_HUGE] - sum.frees[HAK_CLASS_HUGE]),
        .hblkhd = gauges.huge_bytes,
        .uordblks = live,
        .fordblks = arena > live ? arena - live : 0,
        .keepcost = gauges.retained_bytes,
    };
}

HAK_EXPORT struct mallinfo HAK_NAME(mallinfo)(void);
struct mallinfo HAK_NAME(mallinfo)(void)
{
    struct mallinfo2 wide = HAK_NAME(mallinfo2)();
    return (struct mallinfo){
        .arena = (int)wide.arena,
        .hblks = (int)wide.hblks,
        .hblkhd = (int)wide.hblkhd,
        .uordblks = (int)wide.uordblks,
        .fordblks = (int)wide.fordblks,
        .keepcost = (int)wide.keepcost,
    };
}

/* The parameters mallopt(3) knows are accepted: programs that set them expect 1. None changes
 * anything here: there is no threshold between brk and mmap, and no arena a thread could be given.
 */
HAK_EXPORT int HAK_NAME(mallopt)(int parameter, int value);
int HAK_NAME(mallopt)(int parameter, int value)
{
    (void)value;
    switch (parameter) {
    case M_MXFAST:
        return value >= 0 && value <= (int)(80 * sizeof(size_t) / 4);
    case M_TRIM_THRESHOLD:
    case M_TOP_PAD:
    case M_MMAP_THRESHOLD:
    case M_MMAP_MAX:
    case M_CHECK_ACTION:
    case M_PERTURB:
    case M_ARENA_TEST:
    case M_ARENA_MAX:
        return 1;
    default:
        return 0;
    }
}

HAK_EXPORT int HAK_NAME(malloc_trim)(size_t keep);
int HAK_NAME(malloc_trim)(size_t keep)
{
    (void)keep; /* glibc's pad at the top of its heap; there is no top here */
    return hakmem_trim() > 0;
}

static void print_statistics(FILE *stream)
{
    static const char *const names[] = {
#define NAME(name, text) #name,
        HAK_COUNTERS(NAME)
#undef NAME
    };
    struct hak_counter_page sum;
    struct hak_counter_header gauges = hak_counters_gauges();
    hak_heap_counters(&sum);
    uint64_t mallocs = hak_counted_blocks(sum.mallocs), frees = hak_counted_blocks(sum.frees);
    fprintf(stream, "hakmem: statistics of process %ld\n", (long)hak_counters->pid);
    fprintf(stream, "  %-26s %14llu\n  %-26s %14llu\n", "blocks handed out",
            (unsigned long long)mallocs, "blocks taken back", (unsigned long long)frees);
    fprintf(stream, "  %-26s %14llu\n", "bytes live", (unsigned long long)bytes_live(&sum));
    fprintf(stream, "  %-26s %14llu\n", "bytes in spans", (unsigned long long)gauges.spans_bytes);
    fprintf(stream, "  %-26s %14llu\n", "bytes retained",
            (unsigned long long)gauges.retained_bytes);
    fprintf(stream, "  %-26s %14llu\n", "bytes in huge blocks",
            (unsigned long long)gauges.huge_bytes);
    uint64_t small = hak_counted_in_slabs(sum.mallocs);
    uint64_t slab_frees = hak_counted_in_slabs(sum.frees);
    fprintf(stream, "  %-26s %14llu\n", "header_writes",
            (unsigned long long)hak_counted_header_writes(hak_counters, &sum));
    fprintf(stream, "  %-26s %14llu\n", "lut_hits",
            (unsigned long long)hak_counted_lut_hits(hak_counters, &sum));
    fprintf(stream, "  %-26s %14llu\n", "metadata_lookups",
            (unsigned long long)hak_counted_metadata_lookups(hak_counters, &sum));
    fprintf(stream, "  %-26s %14llu\n", "cache_pops", (unsigned long long)small);
    fprintf(stream, "  %-26s %14llu\n", "cache_pushes",
            (unsigned long long)(slab_frees - sum.count[HAK_COUNT_remote_frees]));
    for (size_t i = 0; i < HAK_COUNT_END; i++) {
        if (sum.count[i] != 0)
            fprintf(stream, "  %-26s %14llu\n", names[i], (unsigned long long)sum.count[i]);
    }
}

HAK_EXPORT void HAK_NAME(malloc_stats)(void);
void HAK_NAME(malloc_stats)(void)
{
    print_statistics(stderr);
}

HAK_EXPORT int HAK_NAME(malloc_info)(int options, FILE *stream);
int HAK_NAME(malloc_info)(int options, FILE *stream)
{
    if (options != 0)
        return EINVAL;
    struct hak_counter_page sum;
    struct hak_counter_header gauges = hak_counters_gauges();
    hak_heap_counters(&sum);
    fprintf(stream, "<malloc version=\"hakmem-1\">\n<sizes>\n");
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        if (sum.mallocs[c] != 0)
            fprintf(stream, "  <size bytes=\"%u\" mallocs=\"%llu\" frees=\"%llu\"/>\n",
                    hak_class_bytes[c], (unsigned long long)sum.mallocs[c],
                    (unsigned long long)sum.frees[c]);
    }
    fprintf(stream, "</sizes>\n");
    fprintf(stream, "<total type=\"live\" size=\"%llu\"/>\n", (unsigned long long)bytes_live(&sum));
    fprintf(
        stream, "<total type=\"mmap\" count=\"%llu\" size=\"%llu\"/>\n",
        (unsigned long long)at_least_zero(sum.mallocs[HAK_CLASS_HUGE] - sum.frees[HAK_CLASS_HUGE]),
        (unsigned long long)gauges.huge_bytes);
    fprintf(stream, "<system type=\"current\" size=\"%llu\"/>\n",
            (unsigned long long)(gauges.spans_bytes + gauges.retained_bytes + gauges.huge_bytes +
                                 gauges.metadata_bytes));
    fprintf(stream, "<system type=\"retained\" size=\"%llu\"/>\n",
            (unsigned long long)gauges.retained_bytes);
    fprintf(stream, "</malloc>\n");
    return ferror(stream) ? -1 : 0;
}

static bool wants_statistics;
static int report_file = -1; /* a copy of stderr, which many programs close before we are asked */

/* glibc gives constructors main's arguments, musl whatever the registers hold; at start-up they lie
 * one after the other on the first stack, in a library that is opened later the environment may be
 * another. */
__attribute__((constructor)) static void loaded(int argc, char **argv, char **environment)
{
    hak_os_start_clock(argv && argv + argc + 1 == environment ? environment : NULL);
    hak_heap_attach();
    if (hak_heap_watches_forks())
        hak_counters_publish();
    hak_sample_start();
    const char *wanted = secure_getenv("HAKMEM_STATS");
    wants_statistics = wanted && wanted[0] == '1';
    if (hak_metrics_file_start() || wants_statistics)
        report_file = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
}

__attribute__((destructor)) static void unloaded(void)
{
    if (hak_thread.heap)
        hak_tally_all(&hak_thread, hak_thread.heap);
    hak_metrics_file_write(report_file);
    FILE *stream = wants_statistics && report_file >= 0 ? fdopen(report_file, "w") : NULL;
    if (!stream)
        return;
    print_statistics(stream);
    fclose(stream);
}
