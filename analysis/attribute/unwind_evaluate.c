/* SPDX-License-Identifier: MIT */
#include <dwarf.h>

#include "unwind_rules.h"

enum { DEPTH = 16 };

struct machine {
    const struct unwind_frame *frame;
    const struct unwind_stack *stack;
    uint64_t cfa;
    uint64_t values[DEPTH];
    int depth;
};

static bool push(struct machine *machine, uint64_t value)
{
    if (machine->depth == DEPTH)
        return false;
    machine->values[machine->depth++] = value;
    return true;
}

static bool push_register(struct machine *machine, uint64_t number, uint64_t offset)
{
    return number < UNWIND_REGISTERS && machine->frame->known >> number & 1 &&
           push(machine, machine->frame->registers[number] + offset);
}

static bool combine(uint8_t atom, uint64_t a, uint64_t b, uint64_t *result)
{
    int64_t x = (int64_t)a, y = (int64_t)b;
    switch (atom) {
    case DW_OP_plus:
        *result = a + b;
        return true;
    case DW_OP_minus:
        *result = a - b;
        return true;
    case DW_OP_mul:
        *result = a * b;
        return true;
    case DW_OP_and:
        *result = a & b;
        return true;
    case DW_OP_or:
        *result = a | b;
        return true;
    case DW_OP_xor:
        *result = a ^ b;
        return true;
    case DW_OP_shl:
        *result = b < 64 ? a << b : 0;
        return true;
    case DW_OP_shr:
        *result = b < 64 ? a >> b : 0;
        return true;
    case DW_OP_eq:
        *result = x == y;
        return true;
    case DW_OP_ne:
        *result = x != y;
        return true;
    case DW_OP_lt:
        *result = x < y;
        return true;
    case DW_OP_le:
        *result = x <= y;
        return true;
    case DW_OP_gt:
        *result = x > y;
        return true;
    case DW_OP_ge:
        *result = x >= y;
        return true;
    default:
        return false;
    }
}

static bool on_top(struct machine *machine, const struct unwind_operation *operation)
{
    int depth = machine->depth;
    uint64_t *top = depth ? &machine->values[depth - 1] : NULL;
    if (!top)
        return false;
    switch (operation->atom) {
    case DW_OP_deref:
        return unwind_stack_read(machine->stack, *top, top);
    case DW_OP_plus_uconst:
        *top += operation->number;
        return true;
    case DW_OP_dup:
        return push(machine, *top);
    case DW_OP_drop:
        machine->depth--;
        return true;
    default:
        if (depth < 2 || !combine(operation->atom, top[-1], *top, &top[-1]))
            return false;
        machine->depth--;
        return true;
    }
}

static bool execute(struct machine *machine, const struct unwind_operation *operation)
{
    uint8_t atom = operation->atom;
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        return push(machine, (uint64_t)(atom - DW_OP_lit0));
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
        return push_register(machine, (uint64_t)(atom - DW_OP_breg0), operation->number);
    switch (atom) {
    case DW_OP_bregx:
        return push_register(machine, operation->number, operation->number2);
    case DW_OP_call_frame_cfa:
        return push(machine, machine->cfa);
    case DW_OP_addr:
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_const8u:
    case DW_OP_const8s:
    case DW_OP_constu:
    case DW_OP_consts:
        return push(machine, operation->number);
    default:
        return on_top(machine, operation);
    }
}

bool unwind_evaluate(const struct unwind_operation *operations, size_t count,
                     const struct unwind_frame *frame, const struct unwind_stack *stack,
                     uint64_t cfa, uint64_t *value)
{
    struct machine machine = {.frame = frame, .stack = stack, .cfa = cfa};
    for (size_t i = 0; i < count; i++) {
        if (!execute(&machine, &operations[i]))
            return false;
    }
    if (machine.depth == 0)
        return false;
    *value = machine.values[machine.depth - 1];
    return true;
}
