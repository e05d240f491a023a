/* SPDX-License-Identifier: MIT */
#include "processor.h"

#include <cpuid.h>
#include <string.h>

/* Each word of the red zone is written before the nop and looked at behind it. Nothing else of the
 * function stands between. */
#define RED_ZONE_FUNCTION(name, nop)                                                               \
    __asm__(".text\n.p2align 6\n.type " name ", @function\n" name ":\n"                            \
            ".irp word, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n"                                  \
            "movq %rdi, -8*\\word(%rsp)\n.endr\n"                                                  \
            "xorl %eax, %eax\n.p2align 4\n" name "_nop:\n" nop                                     \
            ".irp word, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n"                                  \
            "xorl %edx, %edx\ncmpq %rdi, -8*\\word(%rsp)\nsetne %dl\naddl %edx, %eax\n.endr\n"     \
            "ret\n.size " name ", . - " name "\n")

RED_ZONE_FUNCTION("processor_red_zone_1", ".byte 0x90\n");
RED_ZONE_FUNCTION("processor_red_zone_5", ".byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n");

unsigned processor_red_zone_1(uint64_t value);
unsigned processor_red_zone_5(uint64_t value);
extern const char processor_red_zone_1_nop[], processor_red_zone_5_nop[];

const struct probe_site processor_site_nop1 = {processor_red_zone_1, processor_red_zone_1_nop, 1};
const struct probe_site processor_site_nop5 = {processor_red_zone_5, processor_red_zone_5_nop, 5};

/* Every round's division waits for the one before; all else is done meanwhile. The divisor is
 * 2^64 - 1 and the upper half of the dividend below it, so the quotient fits, whatever it is. */
__asm__(".text\n.p2align 6\n.type processor_known_loop, @function\nprocessor_known_loop:\n"
        "movq $-1, %rsi\nmovq $0x123456789abcdef, %rax\n"
        "xorl %r8d, %r8d\nxorl %r9d, %r9d\nxorl %r10d, %r10d\n.p2align 6\n"
        "processor_loop_start:\n"
        "movq %rax, %rdx\nshrq $1, %rdx\n"
        "addq $1, %r8\naddq $2, %r9\naddq $3, %r10\naddq $1, %r8\naddq $2, %r9\n"
        "processor_loop_slow:\ndivq %rsi\n"
        "processor_loop_next:\naddq $3, %r10\n"
        "addq $1, %r8\naddq $2, %r9\naddq $3, %r10\naddq $1, %r8\naddq $2, %r9\n"
        "subq $1, %rdi\njnz processor_loop_start\n"
        "processor_loop_end:\nret\n.size processor_known_loop, . - processor_known_loop\n");

void processor_known_loop(uint64_t rounds);
extern const char processor_loop_start[], processor_loop_slow[], processor_loop_next[],
    processor_loop_end[];

const struct known_loop processor_loop = {processor_known_loop, processor_loop_start,
                                          processor_loop_slow, processor_loop_next,
                                          processor_loop_end};

const bool processor_has_counter = true;

uint64_t processor_cycles(void)
{
    return __builtin_ia32_rdtsc();
}

bool processor_hypervisor(char name[13])
{
    unsigned a, b, c, d;
    name[0] = '\0';
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 31 & 1))
        return false;
    __cpuid(0x40000000, a, b, c, d);
    memcpy(name, (unsigned[]){b, c, d}, 12);
    name[12] = '\0';
    return true;
}
