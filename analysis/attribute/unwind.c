/* SPDX-License-Identifier: MIT */
#include "unwind.h"

#include <string.h>

#include "unwind_rules.h"

/* Where the frame pointer points, the caller's stands, and behind it the address to return to. */
static bool follow_pointer(const struct unwind_code *code, const struct unwind_stack *stack,
                           struct unwind_frame *frame)
{
    uint64_t pointer = frame->registers[UNWIND_FP], before, pc;
    if (!(frame->known >> UNWIND_FP & 1) || pointer < frame->registers[UNWIND_SP] || pointer % 8 ||
        !unwind_stack_read(stack, pointer, &before) ||
        !unwind_stack_read(stack, pointer + 8, &pc) || !code->is_mapped(code->context, pc))
        return false;
    *frame = (struct unwind_frame){.known = (uint64_t)1 << UNWIND_FP | (uint64_t)1 << UNWIND_SP |
                                            (uint64_t)1 << UNWIND_PC};
    frame->registers[UNWIND_FP] = before;
    frame->registers[UNWIND_SP] = pointer + 16;
    frame->registers[UNWIND_PC] = pc;
    return true;
}

/* A function that was just entered, or that calls none, may have its caller's stack pointer: but
 * only the innermost, so that every other frame is higher than the one before. */
static bool is_higher(const struct unwind_frame *frame, uint64_t before, bool is_innermost)
{
    uint64_t sp = frame->registers[UNWIND_SP];
    return sp > before || (is_innermost && sp == before);
}

static bool leave_frame(const struct unwind_code *code, const struct unwind_stack *stack,
                        struct unwind_frame *frame, bool is_innermost, bool *is_exact)
{
    uint64_t pc = frame->registers[UNWIND_PC], before = frame->registers[UNWIND_SP];
    const struct unwind_rules *rules = code->rules_at(code->context, pc - !*is_exact);
    struct unwind_frame caller = *frame;
    *is_exact = rules && rules->is_signal;
    bool is_outermost = rules && rules->registers[rules->return_register].kind == RULE_UNDEFINED;
    if (is_outermost)
        return false;
    if (!rules || !unwind_rules_apply(rules, stack, &caller) ||
        !is_higher(&caller, before, is_innermost) ||
        !code->is_mapped(code->context, caller.registers[UNWIND_PC])) {
        caller = *frame;
        *is_exact = false;
        if (!follow_pointer(code, stack, &caller))
            return false;
    }
    *frame = caller;
    return true;
}

size_t unwind(const struct unwind_input *input, const struct unwind_code *code, uint64_t *addresses,
              size_t most)
{
    struct unwind_frame frame = {.known = ((uint64_t)1 << UNWIND_REGISTERS) - 1};
    const struct unwind_stack stack = {input->stack, input->registers[UNWIND_SP],
                                       input->stack_bytes};
    size_t count = 0;
    bool is_exact = true;
    memcpy(frame.registers, input->registers, sizeof frame.registers);
    if (!code->is_mapped(code->context, frame.registers[UNWIND_PC]))
        return 0;
    while (count < most) {
        addresses[count++] = frame.registers[UNWIND_PC];
        if (!leave_frame(code, &stack, &frame, count == 1, &is_exact))
            break;
    }
    return count;
}
