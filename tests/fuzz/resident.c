/* SPDX-License-Identifier: MIT */
/*
 * Resident memory by kind, of a process whose counters, tables, page map and mappings say anything:
 * collect/resident.
 *
 *     header | memory | pagemap | smaps
 */
#include "collect/resident.h"
#include "fuzz.h"
#include "seed_counters.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct hak_counter_header header;
    struct resident resident;
    size_t memory_bytes, pagemap_bytes;
    uint64_t sum = 0;
    fuzz_take(&input, &header, sizeof header);
    const uint8_t *memory = fuzz_take_part(&input, &memory_bytes);
    const uint8_t *pagemap = fuzz_take_part(&input, &pagemap_bytes);
    world_set_memory(memory, memory_bytes);
    world_set_process_file("pagemap", pagemap, pagemap_bytes);
    world_set_process_file("smaps", input.at, input.left);
    world_set_process_file("statm", input.at, input.left);
    if (resident_read(1, &header, &resident)) {
        for (size_t k = 0; k < RESIDENT_KINDS; k++)
            sum += resident.kind[k];
        fuzz_check(resident.total == sum);
    }
    resident_total(1);
    world_clear();
    return 0;
}

struct tables {
    uint32_t words[4];
    struct {
        struct hak_unit_head head;
        uint64_t rest;
    } records[4];
};

void fuzz_seeds(fuzz_keep *keep)
{
    static const char smaps[] =
        "10000-50000 rw-p 00000000 00:00 0 \nSize: 256 kB\nRss: 64 kB\n"
        "60000-70000 r-xp 00000000 08:01 9 /lib/a library.so\nRss: 12 kB\n"
        "70000-71000 rw-p 00000000 00:00 0 \nRss: 4 kB\n"
        "80000-90000 rw-s 00000000 00:01 5 /tmp/1.0.counters\nRss: 8 kB\n"
        "550000000000-550000001000 rw-p 00000000 00:00 0 \nRss: 4 kB\nVmFlags: rd wr\n";
    static const struct tables tables = {
        .words = {1 << 8, 1 << 8 | HAK_CLASS_LARGE, 1 << 8 | HAK_CLASS_INTERNAL, 0},
        .records = {{.head = {1, HAK_UNIT_USED}},
                    {.head = {1, HAK_UNIT_USED}},
                    {.head = {1, HAK_UNIT_USED}},
                    {.head = {5, HAK_UNIT_FREE}}},
    };
    static struct fuzz_output output;
    uint64_t pages[(0x10000 + 0x40000) / 4096] = {0};
    struct hak_counter_header header = seed_counter_header(1);
    header.words_address = WORLD_MEMORY_AT;
    header.records_address = WORLD_MEMORY_AT + offsetof(struct tables, records);
    for (size_t i = 16; i < sizeof pages / sizeof pages[0]; i += 3)
        pages[i] = UINT64_C(1) << 63;
    output.count = 0;
    fuzz_put(&output, &header, sizeof header);
    fuzz_put_part(&output, &tables, sizeof tables);
    fuzz_put_part(&output, pages, sizeof pages);
    fuzz_put(&output, smaps, sizeof smaps - 1);
    keep("whole", output.bytes, output.count);
    keep("no_smaps", output.bytes, output.count - sizeof smaps + 1);

    header.committed_bytes = UINT64_C(1) << 40;
    header.record_bytes = 4096;
    memcpy(output.bytes, &header, sizeof header);
    keep("huge", output.bytes, output.count);
    header.committed_bytes = 0;
    memcpy(output.bytes, &header, sizeof header);
    keep("nothing_committed", output.bytes, output.count);
}
