/* SPDX-License-Identifier: MIT */
/*
 * Rules for leaving frames that somebody made up, gone by on a stack that somebody else did:
 * attribute/unwind_rules, unwind_evaluate, unwind.
 *
 *     registers | rules | stack
 */
#include <dwarf.h>

#include "attribute/unwind.h"
#include "attribute/unwind_rules.h"
#include "fuzz.h"

enum { FRAMES_MOST = 64 };

static struct unwind_rules rules;
static size_t rules_bytes;

static bool is_mapped(void *context, uint64_t address)
{
    return address < UINT64_C(1) << 47;
}

static const struct unwind_rules *rules_at(void *context, uint64_t address)
{
    return rules_bytes && address % 16 != 15 ? &rules : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    uint64_t registers[UNWIND_REGISTERS], addresses[FRAMES_MOST];
    const struct unwind_code code = {NULL, is_mapped, rules_at};
    fuzz_take(&input, registers, sizeof registers);
    const uint8_t *part = fuzz_take_part(&input, &rules_bytes);
    memset(&rules, 0xee, sizeof rules);
    if (rules_bytes > sizeof rules)
        rules_bytes = sizeof rules;
    memcpy(&rules, part, rules_bytes);
    if (!unwind_rules_are_valid(&rules, rules_bytes))
        rules_bytes = 0; /* then by the frame pointer */
    const struct unwind_input stack = {registers, input.at, input.left};
    size_t frames = unwind(&stack, &code, addresses, FRAMES_MOST);
    fuzz_check(frames <= FRAMES_MOST);
    for (size_t i = 0; i < frames; i++)
        fuzz_check(is_mapped(NULL, addresses[i]));
    return 0;
}

static struct fuzz_output output;

enum { STACK_AT = 0x7000, STACK_WORDS = 32 };

static void begin(void)
{
    uint64_t registers[UNWIND_REGISTERS] = {0};
    registers[UNWIND_SP] = registers[UNWIND_FP] = STACK_AT;
    registers[UNWIND_PC] = 0x401000;
    memset(&rules, 0, sizeof rules);
    rules.return_register = UNWIND_PC;
    rules.cfa_register = UNWIND_SP;
    rules.cfa_offset = 16;
    rules.registers[UNWIND_PC] = (struct unwind_rule){.kind = RULE_SAVED, .number = -8};
    rules.registers[UNWIND_FP] = (struct unwind_rule){.kind = RULE_SAVED, .number = -16};
    output.count = 0;
    fuzz_put(&output, registers, sizeof registers);
}

/* Each frame is two words: where the frame pointer of the next one points, and where to return to.
 */
static void end(fuzz_keep *keep, const char *name, size_t bytes)
{
    uint64_t stack[STACK_WORDS];
    for (size_t i = 0; i < STACK_WORDS; i += 2) {
        stack[i] = STACK_AT + 8 * (i + 2);
        stack[i + 1] = 0x401000 + 16 * i + (i > 16 ? 15 : 0);
    }
    fuzz_put_part(&output, &rules, bytes);
    fuzz_put(&output, stack, sizeof stack);
    keep(name, output.bytes, output.count);
}

static void add_operation(uint8_t atom, uint64_t number, uint64_t number2)
{
    rules.operations[rules.operation_count++] = (struct unwind_operation){number, number2, atom};
}

/* An expression of every operation that takes two values, then those that take one. */
static void add_expression(void)
{
    static const uint8_t two[] = {DW_OP_plus, DW_OP_minus, DW_OP_mul, DW_OP_and, DW_OP_or,
                                  DW_OP_xor,  DW_OP_shl,   DW_OP_shr, DW_OP_eq,  DW_OP_ne,
                                  DW_OP_lt,   DW_OP_le,    DW_OP_gt,  DW_OP_ge};
    add_operation(DW_OP_breg0 + UNWIND_SP, 0, 0);
    add_operation(DW_OP_deref, 0, 0);
    for (size_t i = 0; i < sizeof two; i++) {
        add_operation(i % 3 ? DW_OP_constu : DW_OP_lit3, i, 0);
        add_operation(two[i], 0, 0);
    }
    add_operation(DW_OP_drop, 0, 0);
    add_operation(DW_OP_bregx, UNWIND_SP, 0);
    add_operation(DW_OP_dup, 0, 0);
    add_operation(DW_OP_drop, 0, 0);
    add_operation(DW_OP_plus_uconst, 16, 0);
}

void fuzz_seeds(fuzz_keep *keep)
{
    begin();
    end(keep, "saved", unwind_rules_bytes(&rules));
    begin();
    end(keep, "by_pointer", 3);
    begin();
    add_expression();
    rules.cfa_register = -1;
    rules.cfa = (struct unwind_expression){0, rules.operation_count};
    rules.is_signal = 1;
    end(keep, "expression", unwind_rules_bytes(&rules));
    begin();
    add_operation(DW_OP_call_frame_cfa, 0, 0);
    add_operation(DW_OP_lit0 + 8, 0, 0);
    add_operation(DW_OP_minus, 0, 0);
    rules.registers[UNWIND_PC] = (struct unwind_rule){RULE_EXPRESSION, {0, 3}, 0};
    rules.registers[0] = (struct unwind_rule){.kind = RULE_SUM, .number = 8};
    rules.registers[1] = (struct unwind_rule){.kind = RULE_REGISTER, .number = UNWIND_FP};
    rules.registers[2] = (struct unwind_rule){.kind = RULE_SAME};
    end(keep, "every_kind", unwind_rules_bytes(&rules));
    begin();
    rules.registers[UNWIND_PC] = (struct unwind_rule){.kind = RULE_UNDEFINED};
    end(keep, "outermost", unwind_rules_bytes(&rules));
    begin();
    for (int i = 0; i < 20; i++)
        add_operation(DW_OP_lit0, 0, 0);
    rules.registers[UNWIND_PC] =
        (struct unwind_rule){RULE_EXPRESSION, {0, rules.operation_count}, 0};
    end(keep, "too_deep", unwind_rules_bytes(&rules));
}
