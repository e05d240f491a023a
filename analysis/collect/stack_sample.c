/* SPDX-License-Identifier: MIT */
#include "stack_sample.h"

#include <asm/perf_regs.h>
#include <string.h>

#include "record.h"

/* The kernel writes registers in the order of their bits here; `dwarf` says where each belongs. */
#if defined(__x86_64__)
#    define ASKED_FOR                                                                              \
        ((((uint64_t)1 << (PERF_REG_X86_FLAGS + 1)) - 1) | (uint64_t)0xff << PERF_REG_X86_R8)
enum { COUNT = 18, PC_AT = PERF_REG_X86_IP };
static const signed char dwarf[COUNT] = {0,  3, 2, 1,  4,  5,  6,  7,  16,
                                         -1, 8, 9, 10, 11, 12, 13, 14, 15};

static enum kernel_entry entry_of(const uint64_t *registers)
{
    enum { FLAGS_AT = PERF_REG_X86_FLAGS, R11_AT = FLAGS_AT + 4 };
    const uint64_t four[] = {registers[PERF_REG_X86_CX], registers[PC_AT], registers[FLAGS_AT],
                             registers[R11_AT]};
    return user_registers_entry(four);
}
#else
#    define ASKED_FOR (((uint64_t)1 << (PERF_REG_ARM64_PC + 1)) - 1)
enum { COUNT = 33, PC_AT = PERF_REG_ARM64_PC };
static const signed char dwarf[COUNT] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                         11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                         22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};

static enum kernel_entry entry_of(const uint64_t *registers)
{
    return user_registers_entry(registers);
}
#endif

/* Behind what every sample has (record.c). */
struct stack_part {
    uint64_t registers_abi; /* 0: a thread of the kernel, and no registers */
    uint64_t registers[COUNT];
    uint64_t bytes;
    char stack[]; /* then, unless `bytes` is 0, how many of them are filled */
};

void stack_sample_choose(struct perf_event_attr *attr, unsigned bytes)
{
    attr->sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
    attr->sample_regs_user = ASKED_FOR;
    attr->sample_stack_user = bytes;
}

static void take_stack(struct stack_copy *copy, const struct stack_part *part, size_t room)
{
    uint64_t filled;
    if (part->bytes > room || room - part->bytes < sizeof filled)
        return;
    memcpy(&filled, part->stack + part->bytes, sizeof filled);
    copy->bytes = part->stack;
    copy->byte_count = filled < part->bytes ? filled : part->bytes;
}

bool stack_sample_read(const struct perf_event_header *header, struct time_sample *sample,
                       struct stack_copy *stack)
{
    *stack = (struct stack_copy){.byte_count = 0};
    size_t start = record_clock_bytes;
    const struct stack_part *part = (const void *)((const char *)header + start);
    if (!record_time_sample(header, false, sample))
        return false;
    if (header->size < start + sizeof *part || !part->registers_abi)
        return true;
    for (int i = 0; i < COUNT; i++) {
        if (dwarf[i] >= 0)
            stack->registers[dwarf[i]] = part->registers[i];
    }
    if (sample->in_kernel) {
        sample->address = part->registers[PC_AT];
        sample->entry = entry_of(part->registers);
    }
    take_stack(stack, part, header->size - start - sizeof *part);
    sample->stack = stack;
    return true;
}
