/* SPDX-License-Identifier: MIT */
#include "counters.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "factors.h"
#include "os.h"

#define REGION_BYTES (HAK_COUNTER_HEADER_BYTES + HAK_COUNTER_PAGES * HAK_COUNTER_PAGE_BYTES)
#define FILE_BYTES   (HAK_COUNTER_HEADER_BYTES + HAK_COUNTER_PUBLISHED_PAGES * HAK_COUNTER_PAGE_BYTES)

/* The file is mapped over the region's beginning: a page of memory that both reach into would lose
 * the counts beyond the file's end. */
_Static_assert(REGION_BYTES % HAK_PAGE_BYTES_MAX == 0 && FILE_BYTES % HAK_PAGE_BYTES_MAX == 0,
               "both end where a page does, of any size");

_Static_assert(sizeof HAK_VERSION <= HAK_RELEASE_BYTES, "the version fits");

static union {
    struct hak_counter_header header;
    unsigned char bytes[HAK_COUNTER_HEADER_BYTES + HAK_COUNTER_PAGE_BYTES];
} first_region __attribute__((aligned(64)));

struct hak_counter_header *hak_counters __attribute__((used)) = &first_region.header;

/* The note of counter_layout.h: sizes of its owner's name and its descriptor, type, name (to a
 * multiple of four bytes), descriptor. */
__asm__(".pushsection .note.hakmem, \"a\", \"note\"\n"
        ".balign 4\n"
        ".long 7, 4, 1\n"
        ".asciz \"" HAK_COUNTER_NOTE_OWNER "\"\n"
        ".balign 4\n"
        ".long hak_counters - .\n"
        ".popsection");
_Static_assert(sizeof HAK_COUNTER_NOTE_OWNER == 7 && HAK_COUNTER_NOTE_TYPE == 1, "as written");

static struct {
    char folder[384]; /* empty: the region is private */
} published;

/* Pages of the region, and how many of them are in use: the header's own numbers stop where the
 * file does. */
static uint32_t pages = 1, pages_used = 1;

/* What a forked child's parent had counted when the child began a file of its own. */
static struct hak_counter_page inherited;

static struct hak_counter_page *page_at(uint32_t index)
{
    return (struct hak_counter_page *)((char *)hak_counters + HAK_COUNTER_HEADER_BYTES +
                                       (size_t)index * HAK_COUNTER_PAGE_BYTES);
}

static void describe(struct hak_counter_header *header, uint32_t capacity)
{
    static const char levels[HAK_FACTOR_END][sizeof header->levels[0]] = {
        [HAK_FACTOR_HEADER] = HAK_HEADER_LEVEL,     [HAK_FACTOR_CACHE] = HAK_CACHE_LEVEL,
        [HAK_FACTOR_METADATA] = HAK_METADATA_LEVEL, [HAK_FACTOR_CLASSIFY] = HAK_CLASSIFY_LEVEL,
        [HAK_FACTOR_FREELIST] = HAK_FREELIST_LEVEL, [HAK_FACTOR_CHECK] = HAK_CHECK_LEVEL,
    };
    header->version = HAK_COUNTER_VERSION;
    header->header_bytes = HAK_COUNTER_HEADER_BYTES;
    header->page_bytes = HAK_COUNTER_PAGE_BYTES;
    header->page_capacity = capacity;
    header->page_count = 1;
    header->counters = HAK_COUNT_END;
    header->slab_classes = HAK_CLASSES;
    header->pid = (uint64_t)getpid();
    memcpy(header->levels, levels, sizeof levels);
    memcpy(header->class_bytes, hak_class_bytes, sizeof hak_class_bytes);
    header->header_writes_per_malloc = HAK_HEADER_WRITES_PER_MALLOC;
    header->header_reads_per_free = HAK_HEADER_READS_PER_FREE;
    header->lut_hits_per_malloc = HAK_CLASSIFY_LUT_HITS_PER_MALLOC;
    header->metadata_lookups_per_free = HAK_METADATA_LOOKUPS_PER_FREE;
    memcpy(header->release, HAK_VERSION, sizeof HAK_VERSION);
    header->started_ns = hak_os_epoch_ns();
    header->magic = HAK_COUNTER_MAGIC;
}

struct region {
    struct hak_counter_header *header;
    struct hak_counter_page *own; /* this thread's */
    uint32_t pages, pages_used;
};

/* Counts into the first region while the other is being replaced. Where that stays so, every heap
 * shares page 0: counts may be lost, nothing else. */
static struct region step_aside(void)
{
    struct region region = {hak_counters, hak_thread.counters, pages, pages_used};
    hak_counters = &first_region.header;
    pages = pages_used = 1;
    memset(page_at(0), 0, HAK_COUNTER_PAGE_BYTES);
    if (hak_thread.counters)
        hak_thread.counters = page_at(0);
    return region;
}

/* What was counted meanwhile comes along. */
static void step_back(const struct region *region)
{
    const struct hak_counter_page *aside = page_at(0);
    hak_counters = region->header;
    pages = region->pages;
    pages_used = region->pages_used;
    hak_thread.counters = region->own;
    for (uint32_t c = 0; c < HAK_COUNT_END; c++)
        page_at(0)->count[c] += aside->count[c];
}

void hak_counters_start(void)
{
    if (hak_counters != &first_region.header)
        return;
    struct hak_counter_header *region = hak_os_map(REGION_BYTES, hak_os_page_bytes());
    if (!region) {
        describe(&first_region.header, 1);
        return;
    }
    const struct hak_counter_page *first = page_at(0);
    hak_counters = region;
    pages = HAK_COUNTER_PAGES;
    describe(region, pages);
    *page_at(0) = *first;
}

void hak_counters_publish(void)
{
    const char *folder = secure_getenv("HAKMEM_COUNTERS_DIR");
    if (!folder || !*folder || hak_counters == &first_region.header ||
        strlen(folder) >= sizeof published.folder)
        return;
    /* The file is mapped over the region at one stroke, so what has been counted so far is copied
     * back after: the constructor runs before the program has threads. */
    size_t used = HAK_COUNTER_HEADER_BYTES + pages_used * (size_t)HAK_COUNTER_PAGE_BYTES;
    if (used > FILE_BYTES)
        return;
    struct hak_counter_header *copy = hak_os_map(used, hak_os_page_bytes());
    if (!copy)
        return;
    memcpy(copy, hak_counters, used);
    struct region region = step_aside();
    enum hak_os_replaced done = hak_os_map_counter_file(folder, region.header, FILE_BYTES);
    if (done == HAK_OS_LOST) {
        first_region.header = *copy;
        first_region.header.page_capacity = first_region.header.page_count = 1;
    } else {
        memcpy(region.header, copy, used);
        step_back(&region);
    }
    if (done == HAK_OS_REPLACED) {
        hak_counters->page_capacity = HAK_COUNTER_PUBLISHED_PAGES;
        strcpy(published.folder, folder);
    }
    hak_os_unmap(copy, used);
}

/* A region of the child's own, in a file where that can be had; better uncounted than counted into
 * the parent's. */
static void leave_parents_file(void)
{
    struct region region = step_aside();
    if (hak_os_map_counter_file(published.folder, region.header, FILE_BYTES) != HAK_OS_REPLACED) {
        published.folder[0] = '\0';
        region.header = hak_os_map(REGION_BYTES, hak_os_page_bytes());
    }
    if (!region.header)
        return;
    region.own = NULL; /* asked for anew */
    step_back(&region);
    if (published.folder[0] && pages_used > HAK_COUNTER_PUBLISHED_PAGES)
        memset(page_at(HAK_COUNTER_PUBLISHED_PAGES), 0,
               (pages_used - HAK_COUNTER_PUBLISHED_PAGES) * (size_t)HAK_COUNTER_PAGE_BYTES);
}

void hak_counters_forked(const struct hak_counter_page *pending)
{
    struct hak_counter_header header = *hak_counters;
    if (published.folder[0]) {
        struct hak_counter_page sum;
        hak_counters_sum(&sum);
        inherited = sum;
    }
    for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
        inherited.mallocs[c] += pending->mallocs[c];
        inherited.frees[c] += pending->frees[c];
    }
    if (published.folder[0]) {
        leave_parents_file();
        header.started_ns = hak_os_epoch_ns();
        if (!published.folder[0])
            header.page_capacity = pages;
        if (header.page_count > header.page_capacity)
            header.page_count = header.page_capacity;
    }
    header.pid = (uint64_t)getpid();
    *hak_counters = header;
}

struct hak_counter_page *hak_counters_page(uint32_t owner)
{
    uint32_t index = owner <= pages ? owner - 1 : pages - 1;
    if (owner > hak_counters->page_capacity)
        hak_counters->pages_shared = 1;
    else if (hak_counters->page_count < owner)
        hak_counters->page_count = owner;
    if (pages_used <= index)
        pages_used = index + 1;
    return page_at(index);
}

HAK_RACY void hak_counters_sum(struct hak_counter_page *sum)
{
    *sum = inherited;
    for (uint32_t i = 0; i < pages_used; i++) {
        const struct hak_counter_page *page = page_at(i);
        for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
            sum->mallocs[c] += page->mallocs[c];
            sum->frees[c] += page->frees[c];
        }
        for (uint32_t c = 0; c < HAK_COUNT_END; c++)
            sum->count[c] += page->count[c];
    }
}

HAK_RACY struct hak_counter_header hak_counters_gauges(void)
{
    return (struct hak_counter_header){
        .committed_bytes = hak_counters->committed_bytes,
        .spans_bytes = hak_counters->spans_bytes,
        .retained_bytes = hak_counters->retained_bytes,
        .huge_bytes = hak_counters->huge_bytes,
        .metadata_bytes = hak_counters->metadata_bytes,
    };
}

static struct hak_counter_page *own_page(void)
{
    return hak_thread.counters ? hak_thread.counters : page_at(0);
}

HAK_RACY void hak_count_add(enum hak_counter counter, uint64_t amount)
{
    own_page()->count[counter] += amount;
}

HAK_RACY void hak_count_malloc(size_t size_class)
{
    own_page()->mallocs[size_class]++;
}

HAK_RACY void hak_count_free(size_t size_class)
{
    own_page()->frees[size_class]++;
}
