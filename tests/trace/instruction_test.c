/* SPDX-License-Identifier: MIT */
/* What instructions do to memory: each with its text as the assembler takes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "attribute/instruction.h"

static const struct {
    const char *bytes;
    size_t count;
    const char *text;
    struct instruction expected;
} rows[] = {
    {"\x48\x8b\x07", 3, "mov (%rdi), %rax", {1, 0, 0}},
    {"\x48\x89\x07", 3, "mov %rax, (%rdi)", {0, 1, 0}},
    {"\xc7\x07\x01\x00\x00\x00", 6, "movl $1, (%rdi)", {0, 1, 0}},
    {"\x0f\xb6\x07", 3, "movzbl (%rdi), %eax", {1, 0, 0}},
    {"\x48\x63\x07", 3, "movslq (%rdi), %rax", {1, 0, 0}},
    {"\x64\x48\x8b\x04\x25\x28\x00\x00\x00", 9, "mov %fs:0x28, %rax", {1, 0, 0}},
    {"\x64\x48\x89\x07", 4, "mov %rax, %fs:(%rdi)", {0, 1, 0}},
    {"\x48\x03\x07", 3, "add (%rdi), %rax", {1, 0, 0}},
    {"\x48\x01\x07", 3, "add %rax, (%rdi)", {1, 1, 0}},
    {"\x83\x2f\x01", 3, "subl $1, (%rdi)", {1, 1, 0}},
    {"\x48\x19\x07", 3, "sbb %rax, (%rdi)", {1, 1, 0}},
    {"\x48\x11\x07", 3, "adc %rax, (%rdi)", {1, 1, 0}},
    {"\x48\x21\x07", 3, "and %rax, (%rdi)", {1, 1, 0}},
    {"\x48\x83\x0f\x02", 4, "orq $2, (%rdi)", {1, 1, 0}},
    {"\x48\x31\x07", 3, "xor %rax, (%rdi)", {1, 1, 0}},
    {"\xff\x07", 2, "incl (%rdi)", {1, 1, 0}},
    {"\xf0\x48\xff\x07", 4, "lock incq (%rdi)", {1, 1, 0}},
    {"\x48\xff\x0f", 3, "decq (%rdi)", {1, 1, 0}},
    {"\xf7\x1f", 2, "neg (%rdi)", {1, 1, 0}},
    {"\x48\xf7\x17", 3, "notq (%rdi)", {1, 1, 0}},
    {"\x48\xc1\x27\x03", 4, "shlq $3, (%rdi)", {1, 1, 0}},
    {"\x48\x39\x07", 3, "cmp %rax, (%rdi)", {1, 0, 0}},
    {"\x48\x3b\x07", 3, "cmp (%rdi), %rax", {1, 0, 0}},
    {"\x80\x3f\x03", 3, "cmpb $3, (%rdi)", {1, 0, 0}},
    {"\x48\x85\x07", 3, "test %rax, (%rdi)", {1, 0, 0}},
    {"\xf6\x07\x03", 3, "testb $3, (%rdi)", {1, 0, 0}},
    {"\x48\x0f\xa3\x07", 4, "bt %rax, (%rdi)", {1, 0, 0}},
    {"\x48\x0f\xba\x27\x03", 5, "btq $3, (%rdi)", {1, 0, 0}},
    {"\x48\x0f\xab\x07", 4, "bts %rax, (%rdi)", {1, 1, 0}},
    {"\xf0\x48\x0f\xba\x2f\x03", 6, "lock btsq $3, (%rdi)", {1, 1, 0}},
    {"\x48\x0f\xb3\x07", 4, "btr %rax, (%rdi)", {1, 1, 0}},
    {"\x48\x0f\xbb\x07", 4, "btc %rax, (%rdi)", {1, 1, 0}},
    {"\x48\x87\x07", 3, "xchg %rax, (%rdi)", {1, 1, 0}},
    {"\xf0\x48\x0f\xb1\x0f", 5, "lock cmpxchg %rcx, (%rdi)", {1, 1, 0}},
    {"\xf0\x48\x0f\xc7\x0f", 5, "lock cmpxchg16b (%rdi)", {1, 1, 0}},
    {"\xf0\x48\x0f\xc1\x07", 5, "lock xadd %rax, (%rdi)", {1, 1, 0}},
    {"\x0f\x94\x07", 3, "sete (%rdi)", {0, 1, 0}},
    {"\x0f\x95\xc0", 3, "setne %al", {0, 0, 0}},
    {"\x48\x0f\x44\x07", 4, "cmove (%rdi), %rax", {1, 0, 0}},
    {"\x53", 1, "push %rbx", {0, 1, 0}},
    {"\x6a\x01", 2, "pushq $1", {0, 1, 0}},
    {"\xff\x37", 2, "pushq (%rdi)", {1, 1, 0}},
    {"\x5b", 1, "pop %rbx", {1, 0, 0}},
    {"\x8f\x07", 2, "popq (%rdi)", {1, 1, 0}},
    {"\x9c", 1, "pushfq", {0, 1, 0}},
    {"\x9d", 1, "popfq", {1, 0, 0}},
    {"\xc9", 1, "leave", {1, 0, 0}},
    {"\xff\xd0", 2, "call *%rax", {0, 0, 0}},
    {"\xff\x17", 2, "call *(%rdi)", {1, 0, 0}},
    {"\xe8\xfb\xff\xff\xff", 5, "call .", {0, 0, 0}},
    {"\xc3", 1, "ret", {0, 0, 0}},
    {"\xff\xe0", 2, "jmp *%rax", {0, 0, 1}},
    {"\xff\x27", 2, "jmp *(%rdi)", {1, 0, 1}},
    {"\xeb\xfe", 2, "jmp .", {0, 0, 1}},
    {"\x74\xfe", 2, "je .", {0, 0, 1}},
    {"\xe3\xfe", 2, "jrcxz .", {0, 0, 1}},
    {"\xe2\xfe", 2, "loop .", {0, 0, 1}},
    {"\x48\x8d\x04\x37", 4, "lea (%rdi,%rsi), %rax", {0, 0, 0}},
    {"\x66\x0f\x1f\x04\x00", 5, "nopw (%rax,%rax)", {0, 0, 0}},
    {"\x90", 1, "nop", {0, 0, 0}},
    {"\xf3\x0f\x1e\xfa", 4, "endbr64", {0, 0, 0}},
    {"\x0f\x18\x0f", 3, "prefetcht0 (%rdi)", {0, 0, 0}},
    {"\x0f\x18\x07", 3, "prefetchnta (%rdi)", {0, 0, 0}},
    {"\x0f\x0d\x0f", 3, "prefetchw (%rdi)", {0, 0, 0}},
    {"\x0f\xae\x3f", 3, "clflush (%rdi)", {0, 0, 0}},
    {"\x48\xf7\x27", 3, "mulq (%rdi)", {1, 0, 0}},
    {"\x48\xf7\x37", 3, "divq (%rdi)", {1, 0, 0}},
    {"\x48\x0f\xaf\x07", 4, "imul (%rdi), %rax", {1, 0, 0}},
    {"\x48\x6b\x07\x03", 4, "imul $3, (%rdi), %rax", {1, 0, 0}},
    {"\x48\x0f\xbc\x07", 4, "bsf (%rdi), %rax", {1, 0, 0}},
    {"\x48\x0f\xbd\x07", 4, "bsr (%rdi), %rax", {1, 0, 0}},
    {"\xf3\x48\x0f\xbc\x07", 5, "tzcnt (%rdi), %rax", {1, 0, 0}},
    {"\xf3\x48\x0f\xbd\x07", 5, "lzcnt (%rdi), %rax", {1, 0, 0}},
    {"\xf3\x48\x0f\xb8\x07", 5, "popcnt (%rdi), %rax", {1, 0, 0}},
    {"\xc4\xe2\xf8\xf2\x0f", 5, "andn (%rdi), %rax, %rcx", {1, 0, 0}},
    {"\xc4\xe2\xf8\xf3\x0f", 5, "blsr (%rdi), %rax", {1, 0, 0}},
    {"\xc4\xe2\xf8\xf7\x0f", 5, "bextr %rax, (%rdi), %rcx", {1, 0, 0}},
    {"\xc4\xe2\xf9\xf7\x0f", 5, "shlx %rax, (%rdi), %rcx", {1, 0, 0}},
    {"\xc4\xe2\xfb\xf7\x0f", 5, "shrx %rax, (%rdi), %rcx", {1, 0, 0}},
    {"\xc4\xe3\xfb\xf0\x0f\x03", 6, "rorx $3, (%rdi), %rcx", {1, 0, 0}},
    {"\xc4\xe2\xfa\xf5\x0f", 5, "pext (%rdi), %rax, %rcx", {1, 0, 0}},
    {"\xc4\xe2\xfb\xf5\x0f", 5, "pdep (%rdi), %rax, %rcx", {1, 0, 0}},
    {"\x48\x0f\x38\xf0\x07", 5, "movbe (%rdi), %rax", {1, 0, 0}},
    {"\x48\x0f\x38\xf1\x07", 5, "movbe %rax, (%rdi)", {0, 1, 0}},
    {"\x48\x0f\xc3\x07", 4, "movnti %rax, (%rdi)", {0, 1, 0}},
    {"\xaa", 1, "stosb", {0, 1, 0}},
    {"\xf3\xaa", 2, "rep stosb", {0, 1, 0}},
    {"\xf3\x48\xab", 3, "rep stosq", {0, 1, 0}},
    {"\xa4", 1, "movsb", {1, 1, 0}},
    {"\xf3\xa4", 2, "rep movsb", {1, 1, 0}},
    {"\xf3\x48\xa5", 3, "rep movsq", {1, 1, 0}},
    {"\xac", 1, "lodsb", {1, 0, 0}},
    {"\xf2\xae", 2, "repne scasb", {1, 0, 0}},
    {"\xa6", 1, "cmpsb", {2, 0, 0}},
    {"\xf3\xa6", 2, "repe cmpsb", {2, 0, 0}},
    {"\x0f\x10\x07", 3, "movups (%rdi), %xmm0", {1, 0, 0}},
    {"\x0f\x11\x07", 3, "movups %xmm0, (%rdi)", {0, 1, 0}},
    {"\x0f\x29\x07", 3, "movaps %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x29\x07", 4, "movapd %xmm0, (%rdi)", {0, 1, 0}},
    {"\xf3\x0f\x7f\x07", 4, "movdqu %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x7f\x07", 4, "movdqa %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x6f\x07", 4, "movdqa (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\xd6\x07", 4, "movq %xmm0, (%rdi)", {0, 1, 0}},
    {"\xf3\x0f\x7e\x07", 4, "movq (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x7e\x07", 4, "movd %xmm0, (%rdi)", {0, 1, 0}},
    {"\xf3\x0f\x11\x07", 4, "movss %xmm0, (%rdi)", {0, 1, 0}},
    {"\xf2\x0f\x11\x07", 4, "movsd %xmm0, (%rdi)", {0, 1, 0}},
    {"\xf2\x0f\x10\x07", 4, "movsd (%rdi), %xmm0", {1, 0, 0}},
    {"\x0f\x13\x07", 3, "movlps %xmm0, (%rdi)", {0, 1, 0}},
    {"\x0f\x17\x07", 3, "movhps %xmm0, (%rdi)", {0, 1, 0}},
    {"\x0f\x16\x07", 3, "movhps (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\xe7\x07", 4, "movntdq %xmm0, (%rdi)", {0, 1, 0}},
    {"\x0f\x2b\x07", 3, "movntps %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x3a\x16\x07\x01", 6, "pextrd $1, %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x48\x0f\x3a\x16\x07\x01", 7, "pextrq $1, %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x3a\x14\x07\x01", 6, "pextrb $1, %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x0f\x3a\x17\x07\x01", 6, "extractps $1, %xmm0, (%rdi)", {0, 1, 0}},
    {"\x66\x48\x0f\x3a\x22\x07\x01", 7, "pinsrq $1, (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\xfe\x07", 4, "paddd (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\xef\x07", 4, "pxor (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x74\x07", 4, "pcmpeqb (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x70\x07\x00", 5, "pshufd $0, (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x6c\x07", 4, "punpcklqdq (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x38\x17\x07", 5, "ptest (%rdi), %xmm0", {1, 0, 0}},
    {"\x66\x0f\x2e\x07", 4, "ucomisd (%rdi), %xmm0", {1, 0, 0}},
    {"\xf2\x48\x0f\x2a\x07", 5, "cvtsi2sdq (%rdi), %xmm0", {1, 0, 0}},
    {"\xf2\x48\x0f\x2c\x07", 5, "cvttsd2si (%rdi), %rax", {1, 0, 0}},
    {"\xf2\x0f\x58\x07", 4, "addsd (%rdi), %xmm0", {1, 0, 0}},
    {"\xf2\x0f\x5e\x07", 4, "divsd (%rdi), %xmm0", {1, 0, 0}},
    {"\xf2\x0f\x51\x07", 4, "sqrtsd (%rdi), %xmm0", {1, 0, 0}},
    {"\xc5\xfe\x6f\x07", 4, "vmovdqu (%rdi), %ymm0", {1, 0, 0}},
    {"\xc5\xfe\x7f\x07", 4, "vmovdqu %ymm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xfd\x7f\x07", 4, "vmovdqa %ymm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xfc\x11\x07", 4, "vmovups %ymm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xf8\x29\x07", 4, "vmovaps %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xf9\xd6\x07", 4, "vmovq %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xf9\x7e\x07", 4, "vmovd %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xfb\x11\x07", 4, "vmovsd %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xf8\x17\x07", 4, "vmovhps %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xf8\x13\x07", 4, "vmovlps %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc5\xfd\xe7\x07", 4, "vmovntdq %ymm0, (%rdi)", {0, 1, 0}},
    {"\x62\xe1\xfe\x28\x7f\x07", 6, "vmovdqu64 %ymm16, (%rdi)", {0, 1, 0}},
    {"\x62\xe1\xfe\x28\x6f\x07", 6, "vmovdqu64 (%rdi), %ymm16", {1, 0, 0}},
    {"\x62\xe1\xfe\x48\x7f\x07", 6, "vmovdqu64 %zmm16, (%rdi)", {0, 1, 0}},
    {"\x62\xe1\x7f\x48\x7f\x07", 6, "vmovdqu8 %zmm16, (%rdi)", {0, 1, 0}},
    {"\x62\xe1\xfd\x48\x7f\x07", 6, "vmovdqa64 %zmm16, (%rdi)", {0, 1, 0}},
    {"\x62\xe1\x7c\x48\x11\x07", 6, "vmovups %zmm16, (%rdi)", {0, 1, 0}},
    {"\xc4\xe3\x7d\x39\x07\x01", 6, "vextracti128 $1, %ymm0, (%rdi)", {0, 1, 0}},
    {"\xc4\xe3\x7d\x19\x07\x01", 6, "vextractf128 $1, %ymm0, (%rdi)", {0, 1, 0}},
    {"\xc4\xe3\xf9\x16\x07\x01", 6, "vpextrq $1, %xmm0, (%rdi)", {0, 1, 0}},
    {"\xc4\xe2\x75\x2e\x07", 5, "vmaskmovps %ymm0, %ymm1, (%rdi)", {0, 1, 0}},
    {"\xc4\xe2\x7d\x78\x07", 5, "vpbroadcastb (%rdi), %ymm0", {1, 0, 0}},
    {"\xc4\xe2\x7d\x19\x07", 5, "vbroadcastsd (%rdi), %ymm0", {1, 0, 0}},
    {"\xc5\xfd\xfe\x0f", 4, "vpaddd (%rdi), %ymm0, %ymm1", {1, 0, 0}},
    {"\xc5\xfd\xef\x0f", 4, "vpxor (%rdi), %ymm0, %ymm1", {1, 0, 0}},
    {"\xc5\xfd\x74\x0f", 4, "vpcmpeqb (%rdi), %ymm0, %ymm1", {1, 0, 0}},
    {"\xc4\xe2\x7d\x17\x07", 5, "vptest (%rdi), %ymm0", {1, 0, 0}},
    {"\xc5\xfd\xda\x0f", 4, "vpminub (%rdi), %ymm0, %ymm1", {1, 0, 0}},
    {"\xc5\xf8\x77", 3, "vzeroupper", {0, 0, 0}},
    {"\x62\xe2\x7d\x28\x7a\xc6", 6, "vpbroadcastb %esi, %ymm16", {0, 0, 0}},
    {"\xdd\x07", 2, "fldl (%rdi)", {1, 0, 0}},
    {"\xdd\x1f", 2, "fstpl (%rdi)", {0, 1, 0}},
    {"\xdf\x2f", 2, "fildll (%rdi)", {1, 0, 0}},
    {"\xdf\x3f", 2, "fistpll (%rdi)", {0, 1, 0}},
    {"\xd9\x3f", 2, "fnstcw (%rdi)", {0, 1, 0}},
    {"\xd9\x2f", 2, "fldcw (%rdi)", {1, 0, 0}},
    {"\x0f\xae\x17", 3, "ldmxcsr (%rdi)", {1, 0, 0}},
    {"\x0f\xae\x1f", 3, "stmxcsr (%rdi)", {0, 1, 0}},
    {"\x0f\x31", 2, "rdtsc", {0, 0, 0}},
    {"\x0f\xa2", 2, "cpuid", {0, 0, 0}},
    {"\x0f\x05", 2, "syscall", {0, 0, 0}},
    {"\xf3\x90", 2, "pause", {0, 0, 0}},
    {"\x0f\xae\xf0", 3, "mfence", {0, 0, 0}},
    {"\x31\xc0", 2, "xorl %eax, %eax", {0, 0, 0}},
    {"\xa0\x88\x77\x66\x55\x44\x33\x22\x11", 9, "movabs 0x1122334455667788, %al", {1, 0, 0}},
    {"\xa2\x88\x77\x66\x55\x44\x33\x22\x11", 9, "movabs %al, 0x1122334455667788", {0, 1, 0}},
};

static void known_instructions(void **state)
{
    struct instruction_reader *reader = instruction_reader_create();
    assert_non_null(reader);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instruction read;
        assert_true(instruction_read(reader, (const uint8_t *)rows[i].bytes, rows[i].count, &read));
        if (memcmp(&read, &rows[i].expected, sizeof read) != 0)
            fail_msg("%s: %d loads, %d stores, %d branches", rows[i].text, read.loads, read.stores,
                     read.branches);
    }
    instruction_reader_destroy(reader);
}

static void no_instructions(void **state)
{
    struct instruction_reader *reader = instruction_reader_create();
    struct instruction read;
    assert_false(instruction_read(reader, (const uint8_t *)"\x06", 1, &read));
    assert_false(instruction_read(reader, (const uint8_t *)"\x48\x8b", 2, &read));
    assert_false(instruction_read(reader, (const uint8_t *)"", 0, &read));
    instruction_reader_destroy(reader);
}

static void assert_written(const char *bytes, size_t count, const char *name, const char *operands,
                           uint64_t target)
{
    struct instruction_reader *reader = instruction_reader_create();
    struct instruction_text text;
    assert_true(instruction_write(reader, (const uint8_t *)bytes, count, 0x1000, &text));
    assert_int_equal(text.bytes, count);
    assert_string_equal(text.name, name);
    assert_string_equal(text.operands, operands);
    assert_int_equal(text.has_target, target != 0);
    assert_int_equal(text.target, target);
    instruction_reader_destroy(reader);
}

static void written_instructions(void **state)
{
    assert_written("\x48\x8b\x07", 3, "movq", "(%rdi), %rax", 0);
    assert_written("\x74\x3e", 2, "je", "0x1040", 0x1040);
    assert_written("\xe8\xfb\x0f\x00\x00", 5, "callq", "0x2000", 0x2000);
    assert_written("\xff\xe0", 2, "jmpq", "*%rax", 0);
}

/* AT&T syntax is asked for in between: what instructions do is told from Intel's names. */
static void written_then_read(void **state)
{
    struct instruction_reader *reader = instruction_reader_create();
    struct instruction_text text;
    struct instruction read;
    const uint8_t *lea = (const uint8_t *)"\x48\x8d\x04\x37";
    assert_true(instruction_write(reader, lea, 4, 0, &text));
    assert_true(instruction_read(reader, lea, 4, &read));
    assert_int_equal(read.loads, 0);
    assert_false(instruction_write(reader, (const uint8_t *)"\x06", 1, 0, &text));
    instruction_reader_destroy(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_instructions),
        cmocka_unit_test(no_instructions),
        cmocka_unit_test(written_instructions),
        cmocka_unit_test(written_then_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
