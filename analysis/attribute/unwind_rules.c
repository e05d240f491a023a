/* SPDX-License-Identifier: MIT */
#include "unwind_rules.h"

#include <dwarf.h>
#include <string.h>

size_t unwind_rules_bytes(const struct unwind_rules *rules)
{
    return offsetof(struct unwind_rules, operations) +
           rules->operation_count * sizeof rules->operations[0];
}

static bool is_inside(const struct unwind_rules *rules, struct unwind_expression expression)
{
    return expression.count > 0 && expression.first <= rules->operation_count &&
           expression.count <= rules->operation_count - expression.first;
}

static bool is_valid(const struct unwind_rules *rules, const struct unwind_rule *rule)
{
    if (rule->kind == RULE_EXPRESSION)
        return is_inside(rules, rule->expression);
    return rule->kind < RULE_EXPRESSION &&
           (rule->kind != RULE_REGISTER || (rule->number >= 0 && rule->number < UNWIND_REGISTERS));
}

bool unwind_rules_are_valid(const struct unwind_rules *rules, size_t bytes)
{
    if (bytes < offsetof(struct unwind_rules, operations) ||
        rules->operation_count > UNWIND_OPERATIONS_MAX || bytes != unwind_rules_bytes(rules) ||
        rules->return_register >= UNWIND_REGISTERS || rules->cfa_register >= UNWIND_REGISTERS ||
        (rules->cfa_register < 0 && !is_inside(rules, rules->cfa)))
        return false;
    for (int i = 0; i < UNWIND_REGISTERS; i++) {
        if (!is_valid(rules, &rules->registers[i]))
            return false;
    }
    return true;
}

bool unwind_stack_read(const struct unwind_stack *stack, uint64_t address, uint64_t *value)
{
    uint64_t into = address - stack->address;
    if (address < stack->address || stack->byte_count < sizeof *value ||
        into > stack->byte_count - sizeof *value)
        return false;
    memcpy(value, (const char *)stack->bytes + into, sizeof *value);
    return true;
}

static bool find_value(const struct unwind_rules *rules, int number,
                       const struct unwind_frame *frame, const struct unwind_stack *stack,
                       uint64_t cfa, uint64_t *value)
{
    const struct unwind_rule *rule = &rules->registers[number];
    switch (rule->kind) {
    case RULE_SAME:
        *value = frame->registers[number];
        return frame->known >> number & 1;
    case RULE_SAVED:
        return unwind_stack_read(stack, cfa + (uint64_t)rule->number, value);
    case RULE_SUM:
        *value = cfa + (uint64_t)rule->number;
        return true;
    case RULE_REGISTER:
        *value = frame->registers[rule->number];
        return frame->known >> rule->number & 1;
    case RULE_EXPRESSION: {
        const struct unwind_operation *operations = &rules->operations[rule->expression.first];
        size_t count = rule->expression.count;
        bool is_value = operations[count - 1].atom == DW_OP_stack_value;
        return unwind_evaluate(operations, count - is_value, frame, stack, cfa, value) &&
               (is_value || unwind_stack_read(stack, *value, value));
    }
    default:
        return false;
    }
}

static bool find_cfa(const struct unwind_rules *rules, const struct unwind_frame *frame,
                     const struct unwind_stack *stack, uint64_t *cfa)
{
    if (rules->cfa_register < 0)
        return unwind_evaluate(&rules->operations[rules->cfa.first], rules->cfa.count, frame, stack,
                               0, cfa);
    *cfa = frame->registers[rules->cfa_register] + (uint64_t)rules->cfa_offset;
    return frame->known >> rules->cfa_register & 1;
}

bool unwind_rules_apply(const struct unwind_rules *rules, const struct unwind_stack *stack,
                        struct unwind_frame *frame)
{
    struct unwind_frame caller = {0};
    uint64_t cfa, pc;
    if (!find_cfa(rules, frame, stack, &cfa))
        return false;
    for (int i = 0; i < UNWIND_REGISTERS; i++) {
        if (find_value(rules, i, frame, stack, cfa, &caller.registers[i]))
            caller.known |= (uint64_t)1 << i;
    }
    int back = rules->return_register;
    if (!(caller.known >> back & 1))
        return false;
    pc = caller.registers[back];
    /* The frame's address is the caller's stack pointer, unless a rule says otherwise. */
    if (rules->registers[UNWIND_SP].kind <= RULE_SAME)
        caller.registers[UNWIND_SP] = cfa;
    caller.registers[UNWIND_PC] = pc;
    caller.known |= (uint64_t)1 << UNWIND_SP | (uint64_t)1 << UNWIND_PC;
    *frame = caller;
    return true;
}
