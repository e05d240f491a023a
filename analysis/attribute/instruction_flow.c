/* SPDX-License-Identifier: MIT */
#include "instruction_flow.h"

#include <string.h>

#include "instruction_reader.h"

enum { WORD = 8 };

/* Parts of one register beside each other. */
static const uint16_t general[][5] = {
    {X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH},
    {X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH},
    {X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH},
    {X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH},
    [FLOW_STACK] = {X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL},
    {X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL},
    {X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL},
    {X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL},
    {X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B},
    {X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B},
    {X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B},
    {X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B},
    {X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B},
    {X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B},
    {X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B},
    {X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B},
};

static bool is_in(unsigned name, unsigned first, unsigned count, unsigned *at)
{
    *at = name - first;
    return name >= first && name - first < count;
}

static uint64_t bit_of(unsigned name)
{
    enum { VECTORS = FLOW_FLAGS - FLOW_VECTORS };
    unsigned at;
    if (name == X86_REG_INVALID)
        return 0;
    if (name == X86_REG_EFLAGS)
        return UINT64_C(1) << FLOW_FLAGS;
    if (is_in(name, X86_REG_XMM0, VECTORS, &at) || is_in(name, X86_REG_YMM0, VECTORS, &at) ||
        is_in(name, X86_REG_ZMM0, VECTORS, &at))
        return UINT64_C(1) << (FLOW_VECTORS + at);
    for (unsigned i = 0; i < sizeof general / sizeof general[0]; i++) {
        for (size_t part = 0; part < sizeof general[0] / sizeof general[0][0]; part++) {
            if (general[i][part] == name)
                return UINT64_C(1) << i;
        }
    }
    return 0;
}

/* Writing 8 or 16 bits leaves the rest as it was. */
static bool is_partial(const cs_x86_op *operand)
{
    return operand->size < 4;
}

static void add_register(const char *name, const cs_x86_op *operand, struct instruction_flow *flow)
{
    uint64_t bit = bit_of(operand->reg);
    bool only_looks = strcmp(name, "cmp") == 0 || strcmp(name, "test") == 0;
    bool is_written = operand->access & CS_AC_WRITE && !only_looks;
    if (operand->access & CS_AC_READ || only_looks || (is_written && is_partial(operand)))
        flow->reads |= bit;
    if (is_written)
        flow->writes |= bit;
}

static void add_memory(const char *name, size_t at, const cs_x86_op *operand,
                       struct instruction_flow *flow)
{
    const x86_op_mem *memory = &operand->mem;
    uint64_t registers = bit_of(memory->base) | bit_of(memory->index);
    if (instruction_touches_nothing(name)) { /* lea's sum is a value */
        flow->reads |= registers;
        return;
    }
    uint8_t access = instruction_memory_access(name, at, operand->access);
    if (access & CS_AC_READ)
        flow->address |= registers;
    flow->loads |= (access & CS_AC_READ) != 0;
    flow->stores |= (access & CS_AC_WRITE) != 0;
    flow->on_stack = memory->base == X86_REG_RSP && memory->index == X86_REG_INVALID;
    flow->slot = memory->disp;
}

/* Push, pop, call and return; and the stack pointer is moved by a number, or somewhere. A return
 * address is nobody's value. */
static void add_stack(const char *name, const cs_x86 *details, struct instruction_flow *flow)
{
    const cs_x86_op *first = &details->operands[0], *second = &details->operands[1];
    bool pushes = strncmp(name, "push", 4) == 0;
    bool pops = strncmp(name, "pop", 3) == 0 && strncmp(name, "popcnt", 6) != 0;
    bool is_of_stack = details->op_count > 0 && first->type == X86_OP_REG &&
                       bit_of(first->reg) == UINT64_C(1) << FLOW_STACK;
    flow->stack_moves = true;
    if (pushes || pops) {
        flow->on_stack = details->op_count == 1 && first->type != X86_OP_MEM;
        flow->stores |= pushes;
        flow->loads |= pops;
        flow->slot = pushes ? -WORD : 0;
        flow->stack_by = pushes ? -WORD : WORD;
    } else if (strcmp(name, "call") == 0 || strcmp(name, "ret") == 0) {
        flow->stack_by = name[0] == 'c' ? -WORD : WORD;
    } else if (is_of_stack && details->op_count == 2 && second->type == X86_OP_IMM &&
               (strcmp(name, "sub") == 0 || strcmp(name, "add") == 0)) {
        flow->stack_by = name[0] == 's' ? -second->imm : second->imm;
    } else if (is_of_stack && strcmp(name, "lea") == 0 && second->mem.base == X86_REG_RSP &&
               second->mem.index == X86_REG_INVALID) {
        flow->stack_by = second->mem.disp;
    } else {
        flow->stack_moves = false;
        flow->stack_lost =
            strcmp(name, "leave") == 0 || (flow->writes & UINT64_C(1) << FLOW_STACK) != 0;
    }
    /* Where it points is followed apart from values. */
    flow->writes &= ~(UINT64_C(1) << FLOW_STACK);
    if (pushes || pops)
        flow->reads &= ~(UINT64_C(1) << FLOW_STACK);
}

/* What is the same whatever was in the register: xor %eax, %eax. */
static bool clears(const char *name, const cs_x86 *details)
{
    return details->op_count == 2 && details->operands[0].type == X86_OP_REG &&
           details->operands[1].type == X86_OP_REG &&
           details->operands[0].reg == details->operands[1].reg &&
           (strcmp(name, "xor") == 0 || strcmp(name, "sub") == 0 || strcmp(name, "pxor") == 0 ||
            strcmp(name, "xorps") == 0);
}

/* The pointers and the counter of string instructions go on by themselves: what is loaded does not
 * go into them. No other instruction writes these pointers unless it names them. */
static uint64_t written_unnamed(const cs_detail *detail)
{
    const uint64_t pointers = bit_of(X86_REG_RSI) | bit_of(X86_REG_RDI);
    uint64_t written = 0;
    for (uint8_t i = 0; i < detail->regs_write_count; i++)
        written |= bit_of(detail->regs_write[i]);
    return written & pointers ? written & ~(pointers | bit_of(X86_REG_RCX)) : written;
}

bool instruction_flow_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                           struct instruction_flow *flow)
{
    uint64_t address = 0;
    *flow = (struct instruction_flow){0};
    if (!reader->capstone.disasm_iter(reader->handle, &bytes, &count, &address, reader->place))
        return false;
    const char *name = instruction_name(reader->place);
    const cs_detail *detail = reader->place->detail;
    const cs_x86 *details = &detail->x86;
    for (uint8_t i = 0; i < detail->regs_read_count; i++)
        flow->reads |= bit_of(detail->regs_read[i]);
    flow->writes = written_unnamed(detail);
    for (uint8_t i = 0; i < details->op_count; i++) {
        if (details->operands[i].type == X86_OP_REG)
            add_register(name, &details->operands[i], flow);
        else if (details->operands[i].type == X86_OP_MEM)
            add_memory(name, i, &details->operands[i], flow);
    }
    if (clears(name, details))
        flow->reads = 0;
    add_stack(name, details, flow);
    return true;
}
