/* SPDX-License-Identifier: MIT */
/* Functions of which it is known how many of their loads need each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "commands/count_chain.h"

/* Nothing of this is executed: it is read in the order in which it stands. */
#define FUNCTION(name, code)                                                                       \
    extern const uint8_t name[], name##_end[];                                                     \
    __asm__(".pushsection .rodata\n" #name ": " code "\n" #name "_end:\n.popsection");

FUNCTION(chase, "mov (%rdi), %rax; mov (%rax), %rax; mov 8(%rax), %rcx; ret")
FUNCTION(beside, "mov (%rdi), %rax; mov (%rsi), %rcx; add 8(%rdx), %rax; ret")
FUNCTION(indexed, "movzbl (%rdi), %eax; mov (%rsi, %rax, 8), %edx; ret")
FUNCTION(folded, "add (%rdi), %rsi; cmpb $1, (%rsi); ret")
FUNCTION(stored, "mov (%rdi), %rax; mov %rcx, (%rax); ret")
FUNCTION(cleared, "mov (%rdi), %rax; xor %eax, %eax; mov (%rsi, %rax), %rcx; ret")
FUNCTION(overwritten, "mov (%rdi), %rax; mov $8, %eax; mov (%rsi, %rax), %rcx; ret")
FUNCTION(added, "mov (%rdi), %rax; lea 8(%rax, %rcx), %rdx; mov (%rdx), %rcx; ret")
FUNCTION(pushed, "mov (%rdi), %rax; mov (%rax), %rax; push %rax; push %rbx; pop %rbx; pop %rcx; "
                 "mov (%rcx), %rdx; ret")
FUNCTION(spilled, "mov (%rdi), %rax; mov (%rax), %rax; sub $16, %rsp; mov %rax, 8(%rsp); call 1f; "
                  "1: mov 16(%rsp), %rcx;"
                  "lea 24(%rsp), %rsp; mov -8(%rsp), %rdx; mov (%rdx), %rdx; mov (%rcx), %rcx; ret")
FUNCTION(
    elsewhere,
    "mov (%rdi), %rax; mov (%rax), %rax; mov %rax, (%rsi); mov (%rsi), %rcx; mov (%rcx), %rcx; ret")
FUNCTION(lost, "mov (%rdi), %rax; mov (%rax), %rax; push %rax; mov %rbp, %rsp; pop %rcx; mov "
               "(%rcx), %rcx; ret")
FUNCTION(partial, "mov (%rdi), %rax; mov $1, %al; mov (%rax), %rax; ret")
FUNCTION(chosen, "cmp (%rdi), %rsi; cmove %rdx, %rcx; mov (%rcx), %rax; ret")
FUNCTION(branched, "cmp (%rdi), %rsi; je 1f; 1: mov (%rcx), %rax; ret")
FUNCTION(vector, "movdqu (%rdi), %xmm3; movq %xmm3, %rax; mov (%rax), %rax; ret")
FUNCTION(segment, "mov 8(%rip), %rax; mov %fs:(%rax), %rax; lock incq (%rax); ret")
FUNCTION(copied, "mov (%rdx), %rdi; rep movsb; rep movsb; lodsb; mov (%rsi), %rdx; ret")

#define ROW(name, loads)                                                                           \
    {                                                                                              \
#        name, name, name##_end, loads                                                             \
    }
static const struct {
    const char *name;
    const uint8_t *code, *end;
    uint32_t loads;
} rows[] = {
    ROW(chase, 3),     ROW(beside, 1),  ROW(indexed, 2),     ROW(folded, 2), ROW(stored, 1),
    ROW(cleared, 1),   ROW(added, 2),   ROW(overwritten, 1), ROW(pushed, 3), ROW(spilled, 3),
    ROW(elsewhere, 2), ROW(lost, 2),    ROW(partial, 2),     ROW(chosen, 2), ROW(branched, 1),
    ROW(vector, 2),    ROW(segment, 3), ROW(copied, 1),
};

static void chains(void **state)
{
    struct instruction_reader *reader = instruction_reader_create();
    if (!reader)
        skip();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct count_chain chain;
        struct instruction_text text;
        struct instruction_flow flow;
        print_message("%s\n", rows[i].name);
        count_chain_begin(&chain);
        for (const uint8_t *code = rows[i].code; code < rows[i].end; code += text.bytes) {
            size_t count = (size_t)(rows[i].end - code);
            assert_true(instruction_flow_read(reader, code, count, &flow));
            assert_true(instruction_write(reader, code, count, 0, &text));
            count_chain_pass(&chain, &flow);
        }
        assert_int_equal(chain.longest, rows[i].loads);
    }
    instruction_reader_destroy(reader);
}

/* More slots than are kept: what was forgotten begins anew, and nothing is overrun. */
static void many_slots(void **state)
{
    struct count_chain chain;
    struct instruction_flow load = {.loads = true, .address = 1, .writes = 1};
    struct instruction_flow push = {.stores = true,
                                    .on_stack = true,
                                    .reads = 1,
                                    .slot = -8,
                                    .stack_moves = true,
                                    .stack_by = -8};
    struct instruction_flow pop = {
        .loads = true, .on_stack = true, .writes = 1, .stack_moves = true, .stack_by = 8};
    count_chain_begin(&chain);
    for (int i = 0; i < 4; i++)
        count_chain_pass(&chain, &load);
    for (int i = 0; i < 3 * CHAIN_SLOTS; i++)
        count_chain_pass(&chain, &push);
    count_chain_pass(&chain, &pop);
    assert_int_equal(chain.registers[0], 4);
    for (int i = 1; i < 3 * CHAIN_SLOTS; i++)
        count_chain_pass(&chain, &pop);
    assert_int_equal(chain.registers[0], 1);
    assert_int_equal(chain.stack, 0);
    assert_int_equal(chain.longest, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chains), cmocka_unit_test(many_slots)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
