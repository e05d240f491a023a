/* SPDX-License-Identifier: MIT */
/*
 * From a copy of a thread's registers and stack to the addresses that its functions return to.
 *
 * A frame is left by the rules of its file's .eh_frame; debug information is not needed. Where a
 * file has none, or what it says leads nowhere, by the frame pointer.
 *
 * Rules and stacks are somebody else's. Nothing is read of a stack but its copy, and each frame
 * lies above the one before: broken input costs frames.
 */
#ifndef ANALYSIS_UNWIND_H
#define ANALYSIS_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers by DWARF's numbers: System V ABI, AMD64 supplement, figure 3.36; DWARF for the Arm
 * 64-bit architecture, section 4.1, with the program counter behind its last. */
#if defined(__x86_64__)
enum { UNWIND_REGISTERS = 17, UNWIND_FP = 6, UNWIND_SP = 7, UNWIND_PC = 16 };
#elif defined(__aarch64__)
enum { UNWIND_REGISTERS = 33, UNWIND_FP = 29, UNWIND_SP = 31, UNWIND_PC = 32 };
#else
#    error "hakmem-trace supports x86-64 and aarch64"
#endif

struct unwind_input {
    const uint64_t *registers; /* UNWIND_REGISTERS of them */
    const void *stack;         /* what stood at registers[UNWIND_SP] and above */
    size_t stack_bytes;
};

struct unwind_rules;

/* What is known of the code in the process. */
struct unwind_code {
    void *context;
    bool (*is_mapped)(void *context, uint64_t address);
    /* Valid ones (unwind_rules.h), until the next is asked for; NULL: none. */
    const struct unwind_rules *(*rules_at)(void *context, uint64_t address);
};

/* Stores at most `most` addresses, the innermost first: where the thread is, then where each
 * function returns to, which is behind its call. How many: 0 where the thread is in no mapping. */
size_t unwind(const struct unwind_input *input, const struct unwind_code *code, uint64_t *addresses,
              size_t most);

#endif
