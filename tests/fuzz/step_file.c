/* SPDX-License-Identifier: MIT */
/*
 * The stepper's file, which the program could write, too: collect/step_file, code_maps.
 *
 *     header, of whose last text only the beginning | mappings | words      in their places
 */
#include <unistd.h>

#include "collect/step_file.h"
#include "fuzz.h"
#include "world.h"

enum { PROGRAM_BYTES = 32, HEADER_BYTES = offsetof(struct step_header, program) + PROGRAM_BYTES };

static int file_of(struct fuzz_input *input)
{
    uint8_t header[HEADER_BYTES];
    struct step_header rest;
    size_t maps_bytes;
    fuzz_take(input, header, sizeof header);
    memset(&rest, 'x', sizeof rest); /* texts without an end */
    memcpy(&rest, header, sizeof header);
    const uint8_t *maps = fuzz_take_part(input, &maps_bytes);
    int file = world_file((const uint8_t *)&rest, sizeof rest, 0);
    fuzz_check(pwrite(file, maps, maps_bytes, STEP_MAPS_AT) == (ssize_t)maps_bytes);
    fuzz_check(pwrite(file, input->at, input->left, STEP_WORDS_AT) == (ssize_t)input->left);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    struct step_file file;
    struct code_mapping mapping;
    struct step_call call;
    char why[256] = "";
    int descriptor = file_of(&input);
    bool is_open = step_file_open(&file, descriptor, why, sizeof why);
    fuzz_check(is_open || (*why && !strchr(why, '\n')));
    uint64_t calls = 0;
    for (size_t place = 0; is_open && step_file_mapping(&file, &place, &mapping);)
        fuzz_check(mapping.length && strlen(mapping.path) < STEP_MAPS_BYTES);
    for (size_t place = 0; is_open && step_file_call(&file, &place, &call); calls++) {
        fuzz_check(call.count && call.kind < STEP_KINDS && call.bytes <= STEP_SIZE_MAX);
        for (size_t i = 0; i < call.count; i++)
            fuzz_check(call.addresses[i] < CODE_ADDRESS_END);
    }
    fuzz_check(!is_open || (calls == file.header.calls &&
                            strlen(file.header.program) < sizeof file.header.program));
    step_file_close(&file);
    close(descriptor);
    return 0;
}

static struct fuzz_output output;

static void make(const char *maps, const uint64_t *words, size_t count, uint64_t calls)
{
    struct step_header header = {.version = STEP_VERSION,
                                 .pid = 7,
                                 .stopped = STEP_DONE,
                                 .map_bytes = (uint32_t)strlen(maps),
                                 .words = count,
                                 .calls = calls,
                                 .program = "/usr/bin/a program"};
    memcpy(header.magic, STEP_MAGIC, sizeof header.magic);
    output.count = 0;
    fuzz_put(&output, &header, HEADER_BYTES);
    fuzz_put_part(&output, maps, strlen(maps));
    fuzz_put(&output, words, count * sizeof *words);
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const uint64_t words[] = {
        STEP_IS_CALL | 24,    0x55d0c0001000,
        0x55d0c0001004,       STEP_IS_CALL | (uint64_t)STEP_FREE << 48,
        0x55d0c0001010,       STEP_IS_CALL | (uint64_t)STEP_REALLOC << 48 | STEP_SIZE_MAX,
        CODE_ADDRESS_END - 1,
    };
    enum { WORDS = sizeof words / sizeof words[0] };
    make("55d0c0001000-55d0c0002000 r-xp 00001000 08:01 1234    /usr/bin/a program\n"
         "7ffff0000000-7ffff0002000 r-xp 00000000 00:00 0       [vdso]\ncut",
         words, WORDS, 3);
    keep("whole", output.bytes, output.count);
    make("no line", words, WORDS, 3);
    keep("no_maps", output.bytes, output.count);
    make("", words, WORDS, 2);
    keep("other_count", output.bytes, output.count);
    make("", words + 1, 1, 0);
    keep("no_call", output.bytes, output.count);
    make("", words, 1, 1);
    keep("no_address", output.bytes, output.count);
    make("", words, 0, 0);
    keep("nothing", output.bytes, output.count);
    make("\n", words, WORDS, 3);
    keep("short", output.bytes, output.count - 5);
}
