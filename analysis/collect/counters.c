/* SPDX-License-Identifier: MIT */
#include "counters.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_terminated(const char *text, size_t bytes)
{
    return memchr(text, '\0', bytes) != NULL;
}

bool counters_check_header(const struct hak_counter_header *header)
{
    if (header->magic != HAK_COUNTER_MAGIC || header->version != HAK_COUNTER_VERSION ||
        header->header_bytes != HAK_COUNTER_HEADER_BYTES ||
        header->page_bytes != HAK_COUNTER_PAGE_BYTES || header->counters != HAK_COUNT_END ||
        header->slab_classes > HAK_CLASS_LARGE || header->page_count > header->page_capacity ||
        header->page_count > COUNTER_FILE_PAGES_MAX ||
        !is_terminated(header->release, sizeof header->release))
        return false;
    for (size_t i = 0; i < HAK_FACTOR_END; i++) {
        if (!is_terminated(header->levels[i], sizeof header->levels[i]))
            return false;
    }
    return true;
}

bool counters_read_header(int file, struct hak_counter_header *header)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    if (pread(file, header, sizeof *header, 0) != (ssize_t)sizeof *header ||
        !counters_check_header(header))
        return false;
    uint64_t bytes =
        HAK_COUNTER_HEADER_BYTES + (uint64_t)header->page_count * HAK_COUNTER_PAGE_BYTES;
    return status.st_size >= 0 && (uint64_t)status.st_size >= bytes;
}

/* Files of two libraries with other size classes or levels can't be added up. */
static bool is_same_library(const struct hak_counter_header *a, const struct hak_counter_header *b)
{
    return a->slab_classes == b->slab_classes &&
           memcmp(a->levels, b->levels, sizeof a->levels) == 0 &&
           memcmp(a->class_bytes, b->class_bytes, sizeof a->class_bytes) == 0;
}

void counters_add_page(struct hak_counter_page *sum, const struct hak_counter_page *page)
{
    for (size_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
        sum->mallocs[c] += page->mallocs[c];
        sum->frees[c] += page->frees[c];
    }
    for (size_t c = 0; c < HAK_COUNT_END; c++)
        sum->count[c] += page->count[c];
}

static bool read_pages(int file, uint32_t pages, struct hak_counter_page *sum)
{
    struct hak_counter_page page;
    memset(sum, 0, sizeof *sum);
    for (uint32_t i = 0; i < pages; i++) {
        off_t offset = HAK_COUNTER_HEADER_BYTES + (off_t)i * HAK_COUNTER_PAGE_BYTES;
        if (pread(file, &page, sizeof page, offset) != (ssize_t)sizeof page)
            return false;
        counters_add_page(sum, &page);
    }
    return true;
}

bool counters_read(int file, struct hak_counter_header *header, struct hak_counter_page *sum)
{
    return counters_read_header(file, header) && read_pages(file, header->page_count, sum);
}

static uint64_t without_borrow(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* A forked child frees blocks its parent counted, so its own live bytes may come out below zero. */
static void add_memory(struct counters *counters, const struct hak_counter_header *header,
                       const struct hak_counter_page *sum)
{
    uint64_t mapped = hak_counted_mapped(header);
    if (counters->files != 0 && mapped <= counters->memory.mapped)
        return;
    counters->memory = (struct counter_memory){
        .mapped = mapped,
        .live = hak_counted_live(header, sum),
        .retained = header->retained_bytes,
        .metadata = header->metadata_bytes,
    };
}

static void add_derived(struct counters *counters, const struct hak_counter_header *header,
                        const struct hak_counter_page *sum)
{
    counters->header_writes += hak_counted_header_writes(header, sum);
    counters->header_reads += hak_counted_header_reads(header, sum);
    counters->lut_hits += hak_counted_lut_hits(header, sum);
    counters->metadata_lookups += hak_counted_metadata_lookups(header, sum);
}

static struct hak_counter_page difference(const struct hak_counter_page *now,
                                          const struct hak_counter_page *before)
{
    struct hak_counter_page made = *now;
    for (size_t c = 0; before && c < HAK_COUNTER_CLASSES; c++) {
        made.mallocs[c] = without_borrow(now->mallocs[c], before->mallocs[c]);
        made.frees[c] = without_borrow(now->frees[c], before->frees[c]);
    }
    for (size_t c = 0; before && c < HAK_COUNT_END; c++)
        made.count[c] = without_borrow(now->count[c], before->count[c]);
    return made;
}

bool counters_add_image(struct counters *counters, const struct counters_image *now,
                        const struct hak_counter_page *before)
{
    if (counters->files != 0 && !is_same_library(&now->header, &counters->header)) {
        counters->rejected++;
        return false;
    }
    struct hak_counter_page made = difference(&now->sum, before);
    add_memory(counters, &now->header, &now->sum);
    add_derived(counters, &now->header, &made);
    if (counters->files == 0)
        counters->header = now->header;
    counters_add_page(&counters->sum, &made);
    counters->pages_shared |= now->header.pages_shared != 0;
    counters->files++;
    return true;
}

bool counters_add(struct counters *counters, int file)
{
    struct counters_image image;
    if (!counters_read(file, &image.header, &image.sum)) {
        counters->rejected++;
        return false;
    }
    return counters_add_image(counters, &image, NULL);
}

uint64_t counters_slab_mallocs(const struct counters *counters)
{
    return hak_counted_in_slabs(counters->sum.mallocs);
}

uint64_t counters_mallocs(const struct counters *counters)
{
    return hak_counted_blocks(counters->sum.mallocs);
}

uint64_t counters_slab_frees(const struct counters *counters)
{
    return hak_counted_in_slabs(counters->sum.frees);
}

uint64_t counters_frees(const struct counters *counters)
{
    return hak_counted_blocks(counters->sum.frees);
}

uint64_t counters_bytes(const struct counters *counters)
{
    return hak_counted_slab_bytes(&counters->header, counters->sum.mallocs) +
           counters->sum.count[HAK_COUNT_large_bytes_allocated];
}
