/* SPDX-License-Identifier: MIT */
/*
 * The note in a mapped ELF file and the counters behind it, as they are found in a process and read
 * again and again: collect/counter_note, running_allocator, live_counters.
 *
 *     maps | memory | (offset, bytes that stand there at the next look) ...
 */
#include <elf.h>
#include <limits.h>

#include "collect/counter_note.h"
#include "collect/live_counters.h"
#include "collect/running_allocator.h"
#include "fuzz.h"
#include "seed_counters.h"
#include "world.h"

enum { NOBODY = INT_MAX, LOOKS_MOST = 8 };

static void take_process(void *taker, pid_t pid)
{
    static struct hak_counter_header header;
    static struct hak_counter_page sum;
    const struct counted *counted = taker;
    if (counted->read(counted->context, pid, &header, &sum))
        fuzz_check(counters_check_header(&header));
    counted->in_arena(counted->context, pid, header.arena_base);
}

static void take_arena(void *context, pid_t pid, uint64_t low, uint64_t high)
{
}

static void look(struct live_counters *live)
{
    struct counted counted = live_counters_counted(live);
    live->not_before = 0;
    live_counters_tick(live);
    counted.each_process(counted.context, take_process, &counted);
    live_counters_each_arena(live, take_arena, NULL);
}

static void watch(struct fuzz_input *input, uint8_t *memory, size_t count)
{
    struct live_counters live = {0};
    struct counted counted = live_counters_counted(&live);
    live_counters_add(&live, NOBODY);
    counted.forked(counted.context, NOBODY, NOBODY - 1);
    for (int looks = 0; looks < LOOKS_MOST && input->left; looks++) {
        uint16_t at;
        size_t bytes;
        fuzz_take(input, &at, sizeof at);
        const uint8_t *part = fuzz_take_part(input, &bytes);
        if (at < count && bytes)
            memcpy(memory + at, part, bytes < count - at ? bytes : count - at);
        look(&live);
    }
    counted.executed(counted.context, NOBODY);
    look(&live);
    live_counters_finish(&live);
    fuzz_check(live.count == 0 && !live.images);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct running_allocator found;
    static struct counters_image image;
    size_t maps_bytes, memory_bytes;
    const uint8_t *maps = fuzz_take_part(&input, &maps_bytes);
    const uint8_t *part = fuzz_take_part(&input, &memory_bytes);
    uint8_t *memory = malloc(memory_bytes + 1);
    fuzz_check(memory);
    if (memory_bytes)
        memcpy(memory, part, memory_bytes);
    world_set_process_file("maps", maps, maps_bytes);
    world_set_memory(memory, memory_bytes);
    if (running_allocator_find(NOBODY, &found) && found.counters)
        fuzz_check(found.allocator.is_hakmem);
    uint64_t pointer = counter_note_find(NOBODY, WORLD_MEMORY_AT);
    if (pointer && counter_note_read(NOBODY, pointer, &image))
        fuzz_check(counters_check_header(&image.header));
    watch(&input, memory, memory_bytes);
    world_clear();
    free(memory);
    return 0;
}

struct library {
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    Elf64_Nhdr other;
    char other_name[4];
    Elf64_Nhdr note;
    char name[8];
    int32_t distance;
    uint64_t pointer;
    uint8_t counters[HAK_COUNTER_HEADER_BYTES + HAK_COUNTER_PAGE_BYTES];
};

static struct library *make_library(uint32_t pages)
{
    static struct library library;
    size_t notes = offsetof(struct library, other), region = offsetof(struct library, counters);
    library = (struct library){
        .header = {.e_phoff = offsetof(struct library, segments),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 2},
        .segments = {{.p_type = PT_LOAD},
                     {.p_type = PT_NOTE,
                      .p_vaddr = notes,
                      .p_memsz = offsetof(struct library, pointer) - notes}},
        .other = {.n_namesz = 4, .n_type = 3},
        .other_name = "GNU",
        .note = {.n_namesz = sizeof HAK_COUNTER_NOTE_OWNER,
                 .n_descsz = sizeof(int32_t),
                 .n_type = HAK_COUNTER_NOTE_TYPE},
        .name = HAK_COUNTER_NOTE_OWNER,
        .distance =
            (int32_t)(offsetof(struct library, pointer) - offsetof(struct library, distance)),
        .pointer = WORLD_MEMORY_AT + region,
    };
    memcpy(library.header.e_ident, ELFMAG, SELFMAG);
    library.header.e_ident[EI_CLASS] = ELFCLASS64;
    struct hak_counter_header header = seed_counter_header(pages);
    struct hak_counter_page page = seed_counter_page();
    memcpy(library.counters, &header, sizeof header);
    memcpy(library.counters + HAK_COUNTER_HEADER_BYTES, &page, sizeof page);
    return &library;
}

static void put_change(struct fuzz_output *output, size_t at, uint64_t value)
{
    uint16_t where = (uint16_t)at;
    fuzz_put(output, &where, sizeof where);
    fuzz_put_part(output, &value, sizeof value);
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char hakmem[] =
        "550000000000-550000001000 r--p 00000000 08:01 77     /lib/some library.so\n"
        "550000001000-550000003000 r-xp 00001000 08:01 77     /lib/some library.so\n";
    static const char others[] =
        "550000100000-550000101000 r--p 00000000 08:01 3   /usr/lib/libjemalloc.so.2\n"
        "550000200000-550000201000 r--p 00000000 08:01 4   /usr/lib/libc.so.6 (deleted)\n";
    static struct fuzz_output output;
    const size_t region = offsetof(struct library, counters);
    const size_t page = region + HAK_COUNTER_HEADER_BYTES;
    output.count = 0;
    fuzz_put_part(&output, hakmem, sizeof hakmem - 1);
    fuzz_put_part(&output, make_library(1), sizeof(struct library));
    size_t start = output.count;
    put_change(&output, page, 2000);
    put_change(&output, page + 8, UINT64_MAX);
    keep("growing", output.bytes, output.count);
    output.count = start;
    put_change(&output, page, 5);
    put_change(&output, region, 0);
    put_change(&output, offsetof(struct library, pointer), 1);
    keep("backwards", output.bytes, output.count);
    output.count = start;
    put_change(&output, region + offsetof(struct hak_counter_header, page_count), UINT32_MAX);
    keep("beyond", output.bytes, output.count);
    output.count = 0;
    fuzz_put_part(&output, others, sizeof others - 1);
    fuzz_put_part(&output, make_library(0), sizeof(struct library));
    keep("others", output.bytes, output.count);
}
