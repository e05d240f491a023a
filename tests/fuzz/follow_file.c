/* SPDX-License-Identifier: MIT */
/*
 * The follower's file, which the program could write, too: collect/follow_file, code_maps.
 *
 *     header, of whose last text only the beginning | records        in their places
 */
#include <unistd.h>

#include "collect/code_maps.h"
#include "collect/follow_file.h"
#include "fuzz.h"
#include "world.h"

enum {
    PROGRAM_BYTES = 32,
    HEADER_BYTES = offsetof(struct follow_header, program) + PROGRAM_BYTES,
};

/* As callers does: a copy, up to its first zero. */
static void read_maps(const struct follow_maps *maps)
{
    struct code_mapping mapping;
    char *text = strndup(maps->text, maps->text_bytes);
    fuzz_check(text);
    for (size_t place = 0; code_maps_next(text, maps->text_bytes, &place, &mapping);)
        fuzz_check(mapping.length && strlen(mapping.path) <= maps->text_bytes);
    free(text);
}

static void read_sample(const struct follow_sample *sample)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < sample->stack_bytes; i++)
        sum += (uint8_t)sample->stack[i];
    fuzz_check(sum <= 255 * sample->stack_bytes && sample->mean && sample->mean <= FOLLOW_MEAN_MAX);
    fuzz_check(sample->end < FOLLOW_ENDS && sample->call < FOLLOW_CALLS);
    fuzz_check(follow_less(sample->size) <= sample->size);
}

static uint64_t read_all(struct follow_file *file)
{
    struct follow_record *record;
    uint64_t records = 0;
    for (; (record = follow_file_next(file)); records++) {
        fuzz_check(file->place <= file->header.used && ((const char *)record)[record->bytes] == 0);
        if (record->kind == FOLLOW_MAPS)
            read_maps((const void *)record);
        else
            read_sample((const void *)record);
    }
    return records;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct follow_file file;
    struct follow_header header;
    uint8_t beginning[HEADER_BYTES];
    fuzz_take(&input, beginning, sizeof beginning);
    memset(&header, 'x', sizeof header);
    memcpy(&header, beginning, sizeof beginning);
    int descriptor = world_file((const uint8_t *)&header, sizeof header, 0);
    fuzz_check(pwrite(descriptor, input.at, input.left, FOLLOW_RECORDS_AT) == (ssize_t)input.left);
    if (follow_file_open(&file, descriptor, FOLLOW_MAGIC)) {
        fuzz_check(strlen(file.header.program) < sizeof file.header.program);
        uint64_t records = read_all(&file);
        follow_file_rewind(&file);
        fuzz_check(read_all(&file) == records);
    }
    follow_file_close(&file);
    close(descriptor);
    return 0;
}

static struct fuzz_output output;

static void begin(uint64_t used)
{
    struct follow_header header = {
        .version = FOLLOW_VERSION, .pid = 7, .threads = 2, .used = used, .program = "/bin/a"};
    memcpy(header.magic, FOLLOW_MAGIC, sizeof header.magic);
    output.count = 0;
    fuzz_put(&output, &header, HEADER_BYTES);
}

static void put_sample(size_t stack_bytes, uint64_t claimed, uint32_t end)
{
    static const uint8_t stack[256];
    struct follow_sample sample = {
        .record = {(uint32_t)(sizeof sample + stack_bytes), FOLLOW_SAMPLE},
        .mean = 4096,
        .size = 100,
        .usable = 112,
        .end = end,
        .call = FOLLOW_REALLOC,
        .stack_bytes = claimed,
    };
    fuzz_put(&output, &sample, sizeof sample);
    fuzz_put(&output, stack, stack_bytes);
}

static void put_maps(const char *text, size_t bytes)
{
    struct follow_maps maps = {
        .record = {(uint32_t)((sizeof maps + bytes + 7) & ~(size_t)7), FOLLOW_MAPS},
        .text_bytes = bytes};
    static const char zeroes[8];
    fuzz_put(&output, &maps, sizeof maps);
    fuzz_put(&output, text, bytes);
    fuzz_put(&output, zeroes, maps.record.bytes - sizeof maps - bytes);
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char maps[] =
        "1000-2000 r-xp 00000000 08:01 1 /a\n3000-4000 r-xp 0 0:0 0 [vdso]\n";
    static const char zero[] = "1000-2000 r-xp 00000000 08:01 1 /a\0xxxxxxxx\nxxxxxxxxxxxxxxx";
    const struct follow_record unfinished = {16, FOLLOW_NONE}, unknown = {16, FOLLOW_KINDS};
    begin(4096);
    put_maps(maps, sizeof maps - 1);
    put_sample(64, 64, FOLLOW_FREED);
    fuzz_put(&output, &unfinished, sizeof unfinished);
    fuzz_put(&output, &unfinished, sizeof unfinished);
    fuzz_put(&output, &unknown, sizeof unknown);
    fuzz_put(&output, &unknown, sizeof unknown);
    put_sample(0, 0, FOLLOW_REALLOCATED);
    put_sample(128, 100, FOLLOW_LIVE);
    keep("whole", output.bytes, output.count);
    begin(4096);
    put_maps(zero, sizeof zero - 1);
    keep("zero_in_maps", output.bytes, output.count);
    begin(4096);
    put_sample(64, 65, FOLLOW_LIVE);
    keep("stack_beyond", output.bytes, output.count);
    begin(4096);
    put_sample(64, 64, FOLLOW_ENDS);
    keep("no_end", output.bytes, output.count);
    begin(UINT64_MAX);
    put_sample(64, 64, FOLLOW_LIVE);
    keep("used_beyond", output.bytes, output.count);
}
