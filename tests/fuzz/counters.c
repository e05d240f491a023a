/* SPDX-License-Identifier: MIT */
/*
 * Counter files, and what is computed from them: collect/counters.
 *
 *     flags | header | page | page ...        the file, with the pages in their places
 *     flags | bytes                           or as it is
 */
#include <unistd.h>

#include "collect/counters.h"
#include "fuzz.h"
#include "seed_counters.h"
#include "world.h"

enum { AS_IT_IS = 1, IMAGES = 2 };

static int file_of(struct fuzz_input *input, unsigned flags)
{
    static uint8_t bytes[HAK_COUNTER_HEADER_BYTES + 32 * HAK_COUNTER_PAGE_BYTES];
    size_t count = HAK_COUNTER_HEADER_BYTES;
    if (flags & AS_IT_IS)
        return world_file(input->at, input->left, 0);
    memset(bytes, 0, sizeof bytes);
    fuzz_take(input, bytes, sizeof(struct hak_counter_header));
    while (input->left && count < sizeof bytes) {
        fuzz_take(input, bytes + count, sizeof(struct hak_counter_page));
        count += HAK_COUNTER_PAGE_BYTES;
    }
    return world_file(bytes, count, 0);
}

static void check_header(const struct hak_counter_header *header)
{
    fuzz_check(header->page_count <= COUNTER_FILE_PAGES_MAX);
    fuzz_check(header->slab_classes <= HAK_COUNTER_CLASSES);
    for (size_t i = 0; i < HAK_FACTOR_END; i++)
        fuzz_check(strnlen(header->levels[i], sizeof header->levels[i]) < sizeof header->levels[i]);
}

/* Whatever was counted before, nothing may come out below zero. */
static void check_differences(const struct counters_image *image, struct counters *counters)
{
    struct hak_counter_page before = image->sum;
    before.mallocs[0] = UINT64_MAX;
    before.count[HAK_COUNT_realloc] = UINT64_MAX;
    counters_add_image(counters, image, &before);
    fuzz_check(counters->files != 1 || counters->sum.mallocs[0] == 0);
    counters_add_image(counters, image, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    unsigned flags = fuzz_take_byte(&input);
    struct counters counters = {0};
    static struct counters_image image;
    int file = file_of(&input, flags);
    bool believed = counters_add(&counters, file);
    fuzz_check(counters.files == believed && counters.rejected == !believed);
    if (counters_read(file, &image.header, &image.sum)) {
        struct counters both = {0};
        fuzz_check(believed);
        check_header(&image.header);
        check_differences(&image, flags & IMAGES ? &counters : &both);
    }
    fuzz_check(counters_operations(&counters) + counters_bytes(&counters) +
                   counters_slab_mallocs(&counters) + counters_slab_frees(&counters) !=
               1); /* they end */
    close(file);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    struct fuzz_output output = {.count = 0};
    struct hak_counter_header header = seed_counter_header(2);
    struct hak_counter_page page = seed_counter_page(), most;
    fuzz_put(&output, "\0", 1);
    fuzz_put(&output, &header, sizeof header);
    fuzz_put(&output, &page, sizeof page);
    fuzz_put(&output, &page, sizeof page);
    keep("whole", output.bytes, output.count);
    keep("cut", output.bytes, output.count - sizeof page);

    memset(&most, 0xff, sizeof most);
    output.count = 1 + sizeof header;
    fuzz_put(&output, &most, sizeof most);
    fuzz_put(&output, &page, sizeof page);
    output.bytes[0] = IMAGES;
    keep("overflowing", output.bytes, output.count);

    header.committed_bytes = header.huge_bytes = header.metadata_bytes = UINT64_MAX;
    header.header_writes_per_malloc = header.lut_hits_per_malloc = UINT32_MAX;
    memset(header.class_bytes, 0xff, sizeof header.class_bytes);
    memcpy(output.bytes + 1, &header, sizeof header);
    keep("all_at_most", output.bytes, output.count);

    header = seed_counter_header(0);
    output.count = 0;
    fuzz_put(&output, "\1", 1);
    fuzz_put(&output, &header, sizeof header);
    keep("header_alone", output.bytes, output.count);
    keep("empty", output.bytes, 1);
}
