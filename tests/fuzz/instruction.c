/* SPDX-License-Identifier: MIT */
/* Bytes of code, which may be anything: attribute/instruction, instruction_flow, over capstone.
 * The input is the bytes. */
#include "attribute/instruction.h"
#include "attribute/instruction_flow.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    static struct instruction_reader *reader;
    struct instruction_text text;
    if (!reader)
        reader = instruction_reader_create();
    for (size_t at = 0; reader && at < count;) {
        struct instruction instruction;
        struct instruction_flow flow;
        size_t left = count - at < INSTRUCTION_BYTES_MAX ? count - at : INSTRUCTION_BYTES_MAX;
        bool is_read = instruction_read(reader, bytes + at, left, &instruction);
        bool is_written = instruction_write(reader, bytes + at, left, at, &text);
        fuzz_check(is_read == is_written);
        fuzz_check(instruction_flow_read(reader, bytes + at, left, &flow) == is_read);
        fuzz_check(!is_read || (text.bytes && text.bytes <= left && strlen(text.name)));
        at += is_written ? text.bytes : 1;
    }
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const uint8_t usual[] = {
        0x55,                                     /* push */
        0x48, 0x89, 0xe5,                         /* mov */
        0x48, 0x83, 0xec, 0x20,                   /* sub */
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, /* mov %fs:0 */
        0xf0, 0x48, 0x0f, 0xb1, 0x0a,             /* lock cmpxchg */
        0xf3, 0x48, 0xab,                         /* rep stos */
        0x48, 0x8d, 0x44, 0x24, 0x08,             /* lea */
        0x0f, 0x18, 0x08,                         /* prefetch */
        0xc5, 0xfe, 0x7f, 0x07,                   /* vmovdqu */
        0x0f, 0xae, 0xf0,                         /* mfence */
        0x74, 0x05,                               /* je */
        0xe8, 0,    0,    0,    0,                /* call */
        0xe2, 0xfe,                               /* loop */
        0xff, 0x24, 0xc5, 0,    0,    0, 0,       /* jmp */
        0xc9, 0x58, 0xc3,                         /* leave, pop, ret */
    };
    static const uint8_t odd[] = {0x06, 0xff, 0xff, 0xc4, 0xe2, 0x79, 0x92, 0x04, 0x08, 0x62,
                                  0xf1, 0x7c, 0x48, 0x28, 0xc0, 0x0f, 0xc7, 0x0f, 0x48, 0xcf,
                                  0xc8, 0x10, 0,    1,    0x0f, 0x01, 0xd0, 0x66, 0x66, 0x66};
    keep("usual", usual, sizeof usual);
    keep("odd", odd, sizeof odd);
}
