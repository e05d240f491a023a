/* SPDX-License-Identifier: MIT */
/*
 * The rules by which a frame is left, as .eh_frame has them, for one stretch of code. They hold no
 * pointers, as the process that reads them is not the one that goes by them.
 */
#ifndef ANALYSIS_UNWIND_RULES_H
#define ANALYSIS_UNWIND_RULES_H

#include <stdbool.h>

#include "unwind.h"

enum unwind_rule_kind {
    RULE_UNDEFINED, /* the register's value is lost */
    RULE_SAME,
    RULE_SAVED,    /* in memory, at the frame's address and `number` */
    RULE_SUM,      /* the frame's address and `number` */
    RULE_REGISTER, /* in another one: `number` */
    RULE_EXPRESSION,
};

/* Of a DWARF expression: DW_OP_... and its operands. */
struct unwind_operation {
    uint64_t number, number2;
    uint8_t atom;
};

/* A part of the rules' operations. */
struct unwind_expression {
    uint16_t first, count;
};

struct unwind_rule {
    uint8_t kind;
    struct unwind_expression expression; /* RULE_EXPRESSION: at least one */
    int64_t number;
};

/* A frame that the kernel made for a signal has an expression for each register. */
enum { UNWIND_OPERATIONS_MAX = 128 };

struct unwind_rules {
    uint8_t is_signal;       /* the kernel made the frame: it returns to an instruction */
    uint8_t return_register; /* below UNWIND_REGISTERS */
    int16_t cfa_register;    /* the frame's address, with an offset; -1: by `cfa` */
    uint16_t operation_count;
    struct unwind_expression cfa;
    int64_t cfa_offset;
    struct unwind_rule registers[UNWIND_REGISTERS];
    struct unwind_operation operations[UNWIND_OPERATIONS_MAX]; /* only so many are kept and sent */
};

/* Of what there is of them. */
size_t unwind_rules_bytes(const struct unwind_rules *rules);

/* Whether these bytes, from anybody, are rules that may be gone by. */
bool unwind_rules_are_valid(const struct unwind_rules *rules, size_t bytes);

/* A frame at work: what is known of it. */
struct unwind_frame {
    uint64_t registers[UNWIND_REGISTERS];
    uint64_t known; /* a bit for each register */
};

/* Where memory is read. False: not of the copy. */
struct unwind_stack {
    const void *bytes;
    uint64_t address;
    size_t byte_count;
};
bool unwind_stack_read(const struct unwind_stack *stack, uint64_t address, uint64_t *value);

/* `frame` becomes its caller's. False: it can't be told, or there is none. */
bool unwind_rules_apply(const struct unwind_rules *rules, const struct unwind_stack *stack,
                        struct unwind_frame *frame);

/* The value of a DWARF expression, of the operations that such rules use; no jumps, so it ends. */
bool unwind_evaluate(const struct unwind_operation *operations, size_t count,
                     const struct unwind_frame *frame, const struct unwind_stack *stack,
                     uint64_t cfa, uint64_t *value);

#endif
